using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// How byte-level vocabularies write bytes as visible characters: a byte that Latin-1 prints stands for itself, the other 68 become
/// U+0100, U+0101, ... in order; a space is U+0120. Source: Radford et al. 2019 (GPT-2), encoder.py, bytes_to_unicode.
/// </summary>
internal static class ByteAlphabet
{
    private const int FirstStandIn = 0x100;

    private static readonly char[] CharacterOf = new char[256];
    private static readonly Dictionary<char, byte> ByteOf = new(256);

    static ByteAlphabet()
    {
        int standIns = 0;
        for (int value = 0; value < 256; value++)
        {
            bool isPrinted = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE; // 0xAD, the soft hyphen, is invisible
            CharacterOf[value] = (char)(isPrinted ? value : FirstStandIn + standIns++);
            ByteOf.Add(CharacterOf[value], (byte)value);
        }
    }

    /// <summary>The character that stands for a byte.</summary>
    public static char ToCharacter(byte value) => CharacterOf[value];

    /// <summary>The bytes that a token's text stands for; false where it has a character that stands for none.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (ByteOf.TryGetValue(text[i], out bytes[i])) continue;
            bytes = null;
            return false;
        }
        return true;
    }

    /// <summary>The text of a token that stands for some bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (byte value in bytes) text.Append(CharacterOf[value]);
        return text.ToString();
    }
}
