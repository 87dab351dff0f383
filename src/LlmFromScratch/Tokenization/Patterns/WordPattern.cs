using System.Buffers;

namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>
/// A regular expression over UTF-8, as tokenizer files name them to cut texts into words. .NET's Regex cannot serve: it sees UTF-16, so that a letter
/// beyond U+FFFF is two surrogates and no letter, and it knows neither <c>[a&amp;&amp;b]</c> nor possessive repetition. Thread-safe.
/// </summary>
internal sealed class WordPattern
{
    private readonly string _pattern;
    private readonly PatternStep[] _steps;
    private readonly SearchValues<byte> _first; // the bytes that a match can start with
    private PatternMatcher? _spare; // taken with an atomic exchange, so that threads share it

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="NotSupportedException">The pattern uses something that is not supported; the message names it.</exception>
    public WordPattern(string pattern)
    {
        _pattern = pattern;
        PatternNode node = new PatternParser(pattern).Parse();
        _steps = new PatternCompiler(pattern).Compile(node);
        bool[]? first = PatternCompiler.FirstBytes(node);
        _first = SearchValues.Create([.. Enumerable.Range(0, 256).Where(value => first is null || first[value]).Select(value => (byte)value)]);
    }

    /// <summary>A matcher that has begun with a text of some length; give it back when the text is done, so that the next text needs no new one.</summary>
    public PatternMatcher RentMatcher(int textLength)
    {
        PatternMatcher matcher = Interlocked.Exchange(ref _spare, null) ?? new PatternMatcher(_pattern, _steps);
        matcher.Begin(textLength);
        return matcher;
    }

    /// <summary>Gives a matcher back.</summary>
    public void Return(PatternMatcher matcher) => _spare = matcher;

    /// <summary>The first match at or after a place; false where there is none.</summary>
    /// <param name="matcher">One of this pattern's, begun with this text.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="from">Where to start.</param>
    /// <param name="start">Where the match starts.</param>
    /// <param name="end">Where it ends.</param>
    public bool TryFind(PatternMatcher matcher, ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start++)
        {
            int next = text[start..].IndexOfAny(_first);
            if (next < 0) break;
            start += next;
            if ((text[start] & 0xC0) == 0x80 && start > from) continue; // inside a character
            end = matcher.Match(text, start);
            if (end >= 0) return true;
        }
        (start, end) = (text.Length, -1);
        return false;
    }
}
