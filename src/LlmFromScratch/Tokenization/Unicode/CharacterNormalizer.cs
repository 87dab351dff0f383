using System.Text;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Tokenization.Unicode;

/// <summary>A step that replaces each character by itself: by others, or by nothing. Bytes that are no UTF-8 are seen as U+FFFD and kept where that stays.</summary>
internal sealed class CharacterNormalizer(Action<Rune, List<Rune>> replace) : TextNormalizer
{
    protected override AlignedText Normalize(AlignedText piece)
    {
        AlignedText result = new();
        List<Rune> replacement = [];
        Span<byte> encoded = stackalloc byte[4];
        ReadOnlySpan<byte> text = piece.Bytes;
        for (int at = 0, length; at < text.Length; at += length)
        {
            Rune.DecodeFromUtf8(text[at..], out Rune rune, out length);
            replacement.Clear();
            replace(rune, replacement);
            if (replacement is [Rune same] && same == rune) result.Copy(piece, at, at + length);
            else foreach (Rune other in replacement) result.Append(encoded[..other.EncodeToUtf8(encoded)], piece, at, at + length);
        }
        return result;
    }
}
