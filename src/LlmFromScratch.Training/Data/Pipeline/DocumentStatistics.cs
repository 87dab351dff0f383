namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// What the rules of quality measure in a text. A word is what stands between white space. A part (line, paragraph, n-gram) is a duplicate where the text had it before:
/// its first occurrence is none. Lines and paragraphs are compared without the white space at their ends, n-grams in lower case.
/// </summary>
public sealed class DocumentStatistics
{
    private static readonly string[] StopWords = ["the", "be", "to", "of", "and", "that", "have", "with"];
    private const string Bullets = "•‣▪▫●○◦■□–*-";

    private readonly string[] _words, _lines, _paragraphs;
    private readonly ulong[] _wordHashes; // [words]

    /// <summary>Cuts a text into words, lines and paragraphs.</summary>
    /// <param name="text">The text.</param>
    public DocumentStatistics(string text)
    {
        _words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _paragraphs = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _wordHashes = [.. _words.Select(word => TextHash.Of(word.ToLowerInvariant()))];
        EllipsisCount = Count(text, "...") + Count(text, "…");
        HashCount = Count(text, "#");
    }

    /// <summary>Words.</summary>
    public int WordCount => _words.Length;

    /// <summary>Letters and marks of a word, on average; 0 without words.</summary>
    public double MeanWordLength => Share(_words.Sum(word => (long)word.Length), _words.Length);

    /// <summary>Hash signs a word.</summary>
    public double HashRatio => Share(HashCount, _words.Length);

    /// <summary>Ellipses ("..." or "…") a word.</summary>
    public double EllipsisRatio => Share(EllipsisCount, _words.Length);

    /// <summary>The share of lines that begin with a bullet and more.</summary>
    public double BulletLineShare => Share(_lines.Count(line => line.Length > 1 && Bullets.Contains(line[0]) && line[1] == ' '), _lines.Length);

    /// <summary>The share of lines that end with an ellipsis.</summary>
    public double EllipsisLineShare => Share(_lines.Count(line => line.EndsWith("...", StringComparison.Ordinal) || line.EndsWith('…')), _lines.Length);

    /// <summary>The share of words that have a letter.</summary>
    public double LetterWordShare => Share(_words.Count(word => word.Any(char.IsLetter)), _words.Length);

    /// <summary>How many of the eight English words the, be, to, of, and, that, have, with are there.</summary>
    public int StopWordCount
    {
        get
        {
            HashSet<ulong> hashes = [.. _wordHashes];
            return StopWords.Count(word => hashes.Contains(TextHash.Of(word)));
        }
    }

    /// <summary>The share of lines that are duplicates.</summary>
    public double DuplicateLineShare => DuplicateShares(_lines).Parts;

    /// <summary>The share of characters in duplicate lines.</summary>
    public double DuplicateLineCharacterShare => DuplicateShares(_lines).Characters;

    /// <summary>The share of paragraphs that are duplicates.</summary>
    public double DuplicateParagraphShare => DuplicateShares(_paragraphs).Parts;

    /// <summary>The share of characters in duplicate paragraphs.</summary>
    public double DuplicateParagraphCharacterShare => DuplicateShares(_paragraphs).Characters;

    private int EllipsisCount { get; }

    private int HashCount { get; }

    /// <summary>
    /// The share of the words' characters that lie in the n-gram that occurs most often; of several, the one that covers most. 0 where none occurs twice.
    /// </summary>
    /// <param name="n">Words of an n-gram, at least 1.</param>
    public double TopGramShare(int n)
    {
        Dictionary<ulong, int> counts = [];
        foreach (ulong gram in Grams(n)) counts[gram] = counts.GetValueOrDefault(gram) + 1;
        int most = counts.Count == 0 ? 0 : counts.Values.Max();
        if (most < 2) return 0;
        double top = 0;
        foreach (ulong gram in counts.Where(pair => pair.Value == most).Select(pair => pair.Key)) top = Math.Max(top, CoveredShare(n, other => other == gram));
        return top;
    }

    /// <summary>The share of the words' characters that lie in duplicate n-grams, each character counted once.</summary>
    /// <param name="n">Words of an n-gram, at least 1.</param>
    public double DuplicateGramShare(int n)
    {
        HashSet<ulong> seen = [];
        return CoveredShare(n, gram => !seen.Add(gram));
    }

    private IEnumerable<ulong> Grams(int n)
    {
        for (int start = 0; start + n <= _wordHashes.Length; start++) yield return TextHash.Of(_wordHashes.AsSpan(start, n));
    }

    private double CoveredShare(int n, Func<ulong, bool> counts)
    {
        long covered = 0, all = 0;
        int start = 0, coveredUpTo = 0; // words before coveredUpTo are counted
        foreach (ulong gram in Grams(n))
        {
            if (counts(gram))
            {
                for (int word = Math.Max(start, coveredUpTo); word < start + n; word++) covered += _words[word].Length;
                coveredUpTo = start + n;
            }
            start++;
        }
        foreach (string word in _words) all += word.Length;
        return Share(covered, all);
    }

    private static (double Parts, double Characters) DuplicateShares(string[] parts)
    {
        HashSet<string> seen = [];
        long duplicates = 0, characters = 0, all = 0;
        foreach (string part in parts)
        {
            all += part.Length;
            if (seen.Add(part)) continue;
            duplicates++;
            characters += part.Length;
        }
        return (Share(duplicates, parts.Length), Share(characters, all));
    }

    private static double Share(long part, long all) => all == 0 ? 0 : (double)part / all;

    private static int Count(string text, string what)
    {
        int count = 0;
        for (int at = text.IndexOf(what, StringComparison.Ordinal); at >= 0; at = text.IndexOf(what, at + what.Length, StringComparison.Ordinal)) count++;
        return count;
    }
}
