using System.Text;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Tokenization.Unicode;

/// <summary>A step that replaces each character by itself: by others, or by nothing. Bytes that are no UTF-8 are seen as U+FFFD and kept where that stays.</summary>
internal sealed class CharacterNormalizer : TextNormalizer
{
    private readonly Action<Rune, List<Rune>> _replace;
    private readonly bool[] _staysAscii = new bool[256]; // of each byte: whether it is a character of ASCII that the rule keeps

    /// <param name="replace">The rule: appends what becomes of a character.</param>
    public CharacterNormalizer(Action<Rune, List<Rune>> replace)
    {
        _replace = replace;
        List<Rune> replacement = [];
        for (int code = 0; code < 0x80; code++)
        {
            replacement.Clear();
            replace(new Rune(code), replacement);
            _staysAscii[code] = replacement is [Rune only] && only.Value == code;
        }
    }

    protected override AlignedText Normalize(AlignedText piece)
    {
        ReadOnlySpan<byte> text = piece.Bytes;
        int kept = EndOfKept(text, 0);
        if (kept == text.Length) return piece;
        AlignedTextBuilder result = new(text.Length);
        List<Rune> replacement = [];
        Span<byte> encoded = stackalloc byte[4];
        int start = 0; // of what stays as it is and is not copied yet
        for (int at = kept, length; at < text.Length; at = EndOfKept(text, at + length))
        {
            Rune.DecodeFromUtf8(text[at..], out Rune rune, out length);
            replacement.Clear();
            _replace(rune, replacement);
            if (replacement is [Rune same] && same == rune) continue;
            result.Copy(piece, start, at);
            foreach (Rune other in replacement) result.Append(encoded[..other.EncodeToUtf8(encoded)], piece, at, at + length);
            start = at + length;
        }
        result.Copy(piece, start, text.Length);
        return result.ToText();
    }

    private int EndOfKept(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && _staysAscii[text[at]]) at++;
        return at;
    }
}
