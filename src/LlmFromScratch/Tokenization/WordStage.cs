using LlmFromScratch.Tokenization.Patterns;

namespace LlmFromScratch.Tokenization;

/// <summary>One step of a pre-tokenizer: cuts a piece of text into smaller ones that together are the whole piece.</summary>
internal abstract class WordStage
{
    /// <summary>Appends where each piece of <paramref name="text"/> ends, plus <paramref name="offset"/>; the last is the text's end.</summary>
    public abstract void Split(ReadOnlySpan<byte> text, int offset, List<int> ends);
}

/// <summary>Each match of a pattern is a piece, and so is what stands between two.</summary>
internal sealed class PatternStage(string pattern) : WordStage
{
    private readonly WordPattern _pattern = new(pattern);

    public override void Split(ReadOnlySpan<byte> text, int offset, List<int> ends)
    {
        PatternMatcher matcher = _pattern.RentMatcher(text.Length);
        int last = 0;
        for (int from = 0; _pattern.TryFind(matcher, text, from, out int start, out int end); from = end > start ? end : end + 1)
        {
            if (start > last) ends.Add(offset + start);
            if (end > start) ends.Add(offset + end);
            last = end;
        }
        if (last < text.Length) ends.Add(offset + text.Length);
        _pattern.Return(matcher);
    }
}

/// <summary>Runs of digits are cut into threes from the right: 1|234|567; everything else stays whole.</summary>
internal sealed class DigitGroupStage : WordStage
{
    public override void Split(ReadOnlySpan<byte> text, int offset, List<int> ends)
    {
        int at = 0, last = 0;
        while (at < text.Length)
        {
            int end = CharacterClasses.EndOfRun(text, at, CharacterClass.Number);
            if (end == at)
            {
                CharacterClasses.Read(text, at, out int length);
                at += length;
                continue;
            }
            if (at > last) ends.Add(offset + at);
            int digits = 0;
            for (int i = at; i < end; digits++) Skip(text, ref i);
            while (at < end)
            {
                int group = digits % 3 == 0 ? 3 : digits % 3;
                for (int i = 0; i < group; i++) Skip(text, ref at);
                ends.Add(offset + at);
                digits -= group;
            }
            last = at;
        }
        if (last < text.Length) ends.Add(offset + text.Length);
    }

    private static void Skip(ReadOnlySpan<byte> text, ref int at)
    {
        CharacterClasses.Read(text, at, out int length);
        at += length;
    }
}
