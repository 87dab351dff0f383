using static LlmFromScratch.Tokenization.CharacterClasses;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// Cuts a text into words before byte-pair encoding; merges never cross a cut. Written by hand rather than as a Regex: it works on UTF-8, takes
/// linear time, and knows letters beyond U+FFFF. Each kind is the published pattern of a model family (see the members).
/// </summary>
public sealed class PreTokenizer
{
    private readonly bool _isGpt2;
    private readonly int _longestNumber; // digits a word

    private PreTokenizer(string name, bool isGpt2, int longestNumber, bool keepsWholeTokens = false, bool addsBegin = false) =>
        (Name, _isGpt2, _longestNumber, KeepsWholeTokens, AddsBegin) = (name, isGpt2, longestNumber, keepsWholeTokens, addsBegin);

    /// <summary>GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> (Radford et al. 2019, encoder.py).</summary>
    public static PreTokenizer Gpt2 { get; } = new("gpt-2", isGpt2: true, int.MaxValue);

    /// <summary>
    /// Llama 3: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
    /// </summary>
    public static PreTokenizer Llama3 { get; } = new("llama-bpe", isGpt2: false, 3, keepsWholeTokens: true, addsBegin: true);

    /// <summary>Qwen 2: as Llama 3, but each digit is a word: <c>\p{N}</c>.</summary>
    public static PreTokenizer Qwen2 { get; } = new("qwen2", isGpt2: false, 1);

    private static readonly PreTokenizer[] All = [Gpt2, Llama3, Qwen2];

    /// <summary>The names of all kinds, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(p => p.Name));

    /// <summary>The name in a GGUF file's tokenizer.ggml.pre.</summary>
    public string Name { get; }

    /// <summary>Whether a word that is a token as a whole is not merged from its bytes but taken at once (Llama 3).</summary>
    public bool KeepsWholeTokens { get; }

    /// <summary>Whether models of this family start every text with a beginning token, where the file does not say.</summary>
    public bool AddsBegin { get; }

    /// <summary>The kind with a name, or null.</summary>
    public static PreTokenizer? Find(string name) => Array.Find(All, p => p.Name == name);

    /// <summary>The length in bytes of the first word of <paramref name="text"/> (UTF-8); 0 only for an empty text.</summary>
    public int FirstWord(ReadOnlySpan<byte> text)
    {
        CharacterClass first = Read(text, 0, out int length);
        if (first == CharacterClass.End) return 0;
        int contraction = Contraction(text, ignoreCase: !_isGpt2);
        if (contraction > 0) return contraction;
        if (first == CharacterClass.Letter) return EndOfRun(text, 0, CharacterClass.Letter);

        bool takesLetters = _isGpt2 ? text[0] == ' ' : first != CharacterClass.Number && text[0] is not ((byte)'\r' or (byte)'\n');
        CharacterClass second = Read(text, length, out _);
        if (takesLetters && second == CharacterClass.Letter) return EndOfRun(text, length, CharacterClass.Letter);
        if (first == CharacterClass.Number) return EndOfNumber(text, 0);
        if (_isGpt2 && text[0] == ' ' && second == CharacterClass.Number) return EndOfNumber(text, length);
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
        for (int digits = 0; digits < _longestNumber && Read(text, at, out int length) == CharacterClass.Number; digits++) at += length;
        return at;
    }

    private int EndOfOther(ReadOnlySpan<byte> text, int at)
    {
        at = EndOfRun(text, at, CharacterClass.Other);
        while (!_isGpt2 && at < text.Length && text[at] is (byte)'\r' or (byte)'\n') at++;
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
        if (!_isGpt2 && afterLineEnd > 0) return afterLineEnd;
        // The last space before a word belongs to what follows; it stands alone only where it is the only one.
        return end == text.Length || last == 0 ? end : last;
    }
}
