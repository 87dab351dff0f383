using System.Globalization;
using System.IO.Compression;
using System.Text;
using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>
/// What a set of tales is made of. A word is a run of letters (an apostrophe inside belongs to it), compared in lower case; a trigram is
/// three words in a row within one tale.
/// </summary>
/// <param name="Stories">Number of tales.</param>
/// <param name="Bytes">UTF-8 bytes of the tales, without separators.</param>
/// <param name="Words">Number of words in all tales together.</param>
/// <param name="DistinctWords">Number of different words.</param>
/// <param name="DistinctTrigrams">Number of different trigrams.</param>
/// <param name="DuplicateShare">The part of the tales, from 0 to 1, that is equal to an earlier one, letter by letter.</param>
/// <param name="NearDuplicateShare">The part that shares at least half of its word 5-grams with an earlier one; see <see cref="NearDuplicates"/>.</param>
/// <param name="CloseDuplicateShare">The part that shares at least three quarters of them, which <c>llmfs data clean</c> would drop.</param>
/// <param name="OnceShare">The part of the tales, from 0 to 1, that begins with "Once upon a time".</param>
/// <param name="GzipRatio"><c>bytes / gzip bytes</c> of all tales at the smallest-size level: how often the corpus repeats itself.</param>
public readonly record struct TinyTalesStatistics(
    long Stories, long Bytes, long Words, int DistinctWords, int DistinctTrigrams, double DuplicateShare, double NearDuplicateShare,
    double CloseDuplicateShare, double OnceShare, double GzipRatio)
{
    /// <summary>The mean number of words in a tale; NaN without tales.</summary>
    public double WordsPerStory => (double)Words / Stories;

    /// <summary>A Markdown table with one row a value.</summary>
    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture, $"""
        | value | |
        |---|---:|
        | stories | {Stories:N0} |
        | bytes | {Bytes:N0} |
        | words | {Words:N0} |
        | words per story | {WordsPerStory:F1} |
        | distinct words | {DistinctWords:N0} |
        | distinct trigrams | {DistinctTrigrams:N0} |
        | exact duplicates | {100 * DuplicateShare:F2} % |
        | near duplicates, similarity 0.5 | {100 * NearDuplicateShare:F2} % |
        | near duplicates, similarity 0.75 | {100 * CloseDuplicateShare:F2} % |
        | begin with "Once upon a time" | {100 * OnceShare:F1} % |
        | gzip ratio | {GzipRatio:F1} |
        """);

    /// <summary>The words of <paramref name="story"/> in order, in lower case.</summary>
    internal static List<string> WordsOf(string story)
    {
        List<string> words = [];
        int start = -1;
        for (int i = 0; i <= story.Length; i++)
        {
            bool inside = i < story.Length && (char.IsAsciiLetter(story[i]) || (story[i] == '\'' && start >= 0));
            if (inside && start < 0) start = i;
            if (inside || start < 0) continue;
            words.Add(story[start..i].TrimEnd('\'').ToLowerInvariant());
            start = -1;
        }
        return words;
    }

    /// <summary>Counts <paramref name="stories"/> in one pass.</summary>
    internal static TinyTalesStatistics Of(IEnumerable<string> stories)
    {
        HashSet<string> seen = [];
        NearDuplicates near = new();
        HashSet<string> vocabulary = [];
        HashSet<(string, string, string)> trigrams = [];
        long count = 0, bytes = 0, words = 0, once = 0, close = 0;
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            foreach (string story in stories)
            {
                byte[] text = Encoding.UTF8.GetBytes(story);
                gzip.Write(text);
                count++;
                bytes += text.Length;
                seen.Add(story);
                if (story.StartsWith("Once upon a time", StringComparison.Ordinal)) once++;
                List<string> list = WordsOf(story);
                near.Add(list);
                if (near.Similarity >= NearDuplicateFilter.DefaultThreshold) close++;
                words += list.Count;
                vocabulary.UnionWith(list);
                for (int i = 2; i < list.Count; i++) trigrams.Add((list[i - 2], list[i - 1], list[i]));
            }
        }
        double share = count == 0 ? 0 : 1.0 / count;
        return new TinyTalesStatistics(count, bytes, words, vocabulary.Count, trigrams.Count, (count - seen.Count) * share, near.Count * share, close * share, once * share,
            bytes == 0 ? 1 : (double)bytes / compressed.Length);
    }
}
