using System.Text;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Tokenization.Unicode;

/// <summary>
/// The Unicode normal forms: NFD takes characters apart into base and marks in a fixed order, NFC puts them together again, NFKD and NFKC
/// also replace characters by their plain likes (ﬁ by fi). Source: Unicode Standard Annex 15. Bytes that are no UTF-8 become U+FFFD.
/// </summary>
internal sealed class UnicodeForm(bool composes, bool compatibility) : TextNormalizer
{
    private readonly UnicodeData _data = UnicodeData.Instance;

    protected override AlignedText Normalize(AlignedText piece)
    {
        if (System.Text.Ascii.IsValid(piece.Bytes)) return piece;
        AlignedTextBuilder result = new(piece.Length);
        List<int> decomposed = [];
        ReadOnlySpan<byte> text = piece.Bytes;
        int start = 0; // of the characters in decomposed: a base and what may join it
        for (int at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf8(text[at..], out Rune rune, out int length);
            int before = decomposed.Count;
            _data.Decompose(rune.Value, compatibility, decomposed);
            if (before > 0 && _data.Class(decomposed[before]) == 0 && !_data.CanJoinBefore(decomposed[before]))
            {
                Emit(decomposed.GetRange(0, before), piece, start, at, result);
                decomposed.RemoveRange(0, before);
                start = at;
            }
            at += length;
        }
        Emit(decomposed, piece, start, text.Length, result);
        return result.ToText();
    }

    private void Emit(List<int> codes, AlignedText piece, int start, int end, AlignedTextBuilder result)
    {
        Order(codes);
        if (composes) Compose(codes);
        byte[] bytes = new byte[4 * codes.Count];
        int length = 0;
        foreach (int code in codes) length += new Rune(code).EncodeToUtf8(bytes.AsSpan(length));
        if (piece.Bytes[start..end].SequenceEqual(bytes.AsSpan(0, length))) result.Copy(piece, start, end);
        else result.Append(bytes.AsSpan(0, length), piece, start, end);
    }

    // Marks by combining class, those of one class in their old order; a character of class 0 stays where it is.
    private void Order(List<int> codes)
    {
        for (int start = 0; start < codes.Count; start++)
        {
            int end = start;
            while (end < codes.Count && _data.Class(codes[end]) != 0) end++;
            if (end - start < 2) continue;
            int[] sorted = [.. codes.GetRange(start, end - start).OrderBy(_data.Class)]; // stable
            for (int i = 0; i < sorted.Length; i++) codes[start + i] = sorted[i];
            start = end;
        }
    }

    private void Compose(List<int> codes)
    {
        int starter = -1, kept = 0, lastClass = -1;
        for (int i = 0; i < codes.Count; i++)
        {
            int code = codes[i], combiningClass = _data.Class(code);
            bool isBlocked = lastClass >= combiningClass && lastClass >= 0; // a mark between that is as strong
            int composed = starter >= 0 && !isBlocked ? _data.Compose(codes[starter], code) : -1;
            if (composed >= 0)
            {
                codes[starter] = composed;
                continue;
            }
            if (combiningClass == 0) (starter, lastClass) = (kept, -1);
            else lastClass = combiningClass;
            codes[kept++] = code;
        }
        codes.RemoveRange(kept, codes.Count - kept);
    }
}
