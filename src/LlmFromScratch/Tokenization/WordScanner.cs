using static LlmFromScratch.Tokenization.CharacterClasses;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// The patterns of GPT-2 and Llama 3, which most models use, written by hand: one look at each character. Equal to the same patterns run by
/// <see cref="PatternStage"/>, and several times as fast.
/// </summary>
/// <param name="isGpt2">GPT-2's pattern rather than Llama 3's.</param>
/// <param name="longestNumber">The digits of one word at most.</param>
internal sealed class WordScanner(bool isGpt2, int longestNumber) : WordStage
{
    public override void Split(ReadOnlySpan<byte> text, int offset, List<int> ends)
    {
        for (int at = 0; at < text.Length;)
        {
            at += FirstWord(text[at..]);
            ends.Add(offset + at);
        }
    }

    // The length in bytes of the first word; 0 only for an empty text.
    private int FirstWord(ReadOnlySpan<byte> text)
    {
        CharacterClass first = Read(text, 0, out int length);
        if (first == CharacterClass.End) return 0;
        int contraction = Contraction(text, ignoreCase: !isGpt2);
        if (contraction > 0) return contraction;
        if (first == CharacterClass.Letter) return EndOfRun(text, 0, CharacterClass.Letter);

        bool takesLetters = isGpt2 ? text[0] == ' ' : first != CharacterClass.Number && text[0] is not ((byte)'\r' or (byte)'\n');
        CharacterClass second = Read(text, length, out _);
        if (takesLetters && second == CharacterClass.Letter) return EndOfRun(text, length, CharacterClass.Letter);
        if (first == CharacterClass.Number) return EndOfNumber(text, 0);
        if (isGpt2 && text[0] == ' ' && second == CharacterClass.Number) return EndOfNumber(text, length);
        if (first == CharacterClass.Other) return EndOfOther(text, 0);
        if (text[0] == ' ' && second == CharacterClass.Other) return EndOfOther(text, length);
        return EndOfSpaces(text);
    }

    private static int Contraction(ReadOnlySpan<byte> text, bool ignoreCase)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        int fold = ignoreCase ? 0x20 : 0; // the one bit in which an ASCII capital differs from its small letter
        int second = text[1] | fold;
        if (second is 's' or 't' or 'm' or 'd') return 2;
        if (text.Length < 3) return 0;
        return (second, text[2] | fold) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private int EndOfNumber(ReadOnlySpan<byte> text, int at)
    {
        for (int digits = 0; digits < longestNumber && Read(text, at, out int length) == CharacterClass.Number; digits++) at += length;
        return at;
    }

    private int EndOfOther(ReadOnlySpan<byte> text, int at)
    {
        at = EndOfRun(text, at, CharacterClass.Other);
        while (!isGpt2 && at < text.Length && text[at] is (byte)'\r' or (byte)'\n') at++;
        return at;
    }

    private int EndOfSpaces(ReadOnlySpan<byte> text)
    {
        int end = 0, last = 0, afterLineEnd = 0; // last: where the last space starts
        while (Read(text, end, out int length) == CharacterClass.Space)
        {
            last = end;
            end += length;
            if (text[last] is (byte)'\r' or (byte)'\n') afterLineEnd = end;
        }
        if (!isGpt2 && afterLineEnd > 0) return afterLineEnd;
        // The last space before a word belongs to what follows; it stands alone only where it is the only one.
        return end == text.Length || last == 0 ? end : last;
    }
}
