using System.Text;
using LlmFromScratch.Tokenization.Patterns;
using LlmFromScratch.Tokenization.Unicode;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>Cuts at white space, which vanishes; with <paramref name="isolatesPunctuation"/> each punctuation sign is a piece too (BERT).</summary>
internal sealed class SpaceSplitStep(bool isolatesPunctuation) : TextStep
{
    private static readonly bool[] IsAsciiWord = [.. Enumerable.Range(0, 256).Select(code => char.IsAsciiLetterOrDigit((char)code))]; // most bytes

    public override void Apply(AlignedText piece, bool isFirst, List<AlignedText> result)
    {
        ReadOnlySpan<byte> text = piece.Bytes;
        int start = 0;
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = 1;
            if (IsAsciiWord[text[at]]) continue;
            Rune.DecodeFromUtf8(text[at..], out Rune rune, out length);
            bool isSpace = Rune.IsWhiteSpace(rune), isAlone = isolatesPunctuation && CharacterRules.IsBertPunctuation(rune);
            if (!isSpace && !isAlone) continue;
            if (at > start) result.Add(piece.Slice(start, at));
            if (isAlone) result.Add(piece.Slice(at, at + length));
            start = at + length;
        }
        if (text.Length > start) result.Add(piece.Slice(start, text.Length));
    }
}

/// <summary>Cuts words as a <see cref="PreTokenizer"/> does.</summary>
internal sealed class WordSplitStep(PreTokenizer words) : TextStep
{
    public override void Apply(AlignedText piece, bool isFirst, List<AlignedText> result)
    {
        int start = 0;
        foreach (int end in words.Split(piece.Bytes))
        {
            result.Add(piece.Slice(start, end));
            start = end;
        }
    }
}

/// <summary>What becomes of the matches of a pattern: the words of Hugging Face's Split.</summary>
internal enum SplitBehavior
{
    Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous,
}

/// <summary>Cuts at the matches of a pattern; with <paramref name="inverts"/> at what lies between them.</summary>
internal sealed class PatternSplitStep(WordPattern pattern, SplitBehavior behavior, bool inverts) : TextStep
{
    public override void Apply(AlignedText piece, bool isFirst, List<AlignedText> result)
    {
        List<(int Start, int End, bool IsMatch)> parts = Parts(piece.Bytes);
        int start = 0; // of the piece that is being put together
        for (int i = 0; i < parts.Count; i++)
        {
            (int _, int end, bool isMatch) = parts[i];
            bool hasNext = i + 1 < parts.Count, isNextMatch = hasNext && parts[i + 1].IsMatch;
            bool goesOn = hasNext && behavior switch
            {
                SplitBehavior.MergedWithPrevious => !isMatch && isNextMatch,
                SplitBehavior.MergedWithNext => isMatch && !isNextMatch,
                SplitBehavior.Contiguous => isMatch == isNextMatch,
                _ => false,
            };
            if (goesOn) continue;
            if (behavior != SplitBehavior.Removed || !isMatch) result.Add(piece.Slice(start, end));
            start = end;
        }
    }

    private List<(int Start, int End, bool IsMatch)> Parts(ReadOnlySpan<byte> text)
    {
        List<(int, int, bool)> parts = [];
        PatternMatcher matcher = pattern.RentMatcher(text.Length);
        int last = 0;
        for (int from = 0; pattern.TryFind(matcher, text, from, out int start, out int end); from = end > start ? end : end + 1)
        {
            if (start > last) parts.Add((last, start, inverts));
            if (end > start) parts.Add((start, end, !inverts));
            last = end;
        }
        if (last < text.Length) parts.Add((last, text.Length, inverts));
        pattern.Return(matcher);
        return parts;
    }
}
