using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization;

/// <summary>What pre-tokenizers tell apart: <c>\p{L}</c>, <c>\p{N}</c>, <c>\s</c>, the rest, and the end of the text.</summary>
internal enum CharacterClass
{
    End,
    Letter,
    Number,
    Space,
    Other,
}

/// <summary>Reads the class of characters in UTF-8. .NET's Regex cannot: to it a letter beyond U+FFFF is two surrogates and no letter.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Ascii = [.. Enumerable.Range(0, 128).Select(code => OfAscii((byte)code))]; // most text is ASCII

    /// <summary>The class of the character at a place and its length in bytes; bytes that are not UTF-8 are <see cref="CharacterClass.Other"/>.</summary>
    public static CharacterClass Read(ReadOnlySpan<byte> text, int at, out int length)
    {
        length = 0;
        if (at >= text.Length) return CharacterClass.End;
        byte first = text[at];
        length = 1;
        if (first < 0x80) return Ascii[first];
        return Rune.DecodeFromUtf8(text[at..], out Rune rune, out length) == System.Buffers.OperationStatus.Done ? Of(rune) : CharacterClass.Other;
    }

    /// <summary>The end of the run of one class that starts at <paramref name="at"/>.</summary>
    public static int EndOfRun(ReadOnlySpan<byte> text, int at, CharacterClass characterClass)
    {
        CharacterClass[] ascii = Ascii;
        while (true)
        {
            while (at < text.Length && text[at] < 0x80 && ascii[text[at]] == characterClass) at++;
            if (at >= text.Length || text[at] < 0x80 || Read(text, at, out int length) != characterClass) return at;
            at += length;
        }
    }

    private static CharacterClass OfAscii(byte value) => value switch
    {
        >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' => CharacterClass.Letter,
        >= (byte)'0' and <= (byte)'9' => CharacterClass.Number,
        (byte)' ' or >= (byte)'\t' and <= (byte)'\r' => CharacterClass.Space,
        _ => CharacterClass.Other,
    };

    private static CharacterClass Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => CharacterClass.Letter, // Lu, Ll, Lt, Lm, Lo are the first five
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        _ => Rune.IsWhiteSpace(rune) ? CharacterClass.Space : CharacterClass.Other,
    };
}
