using System.Text;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Removes lines that an earlier document had: menus, licences, headers and other things that pages share. Lines are compared as CCNet does (Wenzek et al. 2020,
/// "CCNet", section 3.1: lower case, digits as 0, no punctuation), by 64 bits of hash. A line of fewer than <see cref="LeastWords"/> words stays: "The end." may
/// end many tales. A line that returns within its own document stays too: a refrain is judged by the rules on repetition. A document that keeps
/// too few words is dropped.
/// </summary>
/// <param name="leastWordsLeft">The least number of words that a document must keep when lines are removed from it.</param>
public sealed class LineDuplicateFilter(int leastWordsLeft = 1) : IDocumentStage
{
    /// <summary>Shorter lines are not compared.</summary>
    public const int LeastWords = 5;

    private readonly HashSet<ulong> _seen = [];

    /// <inheritdoc/>
    public string Name => "line duplicates";

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row)
    {
        string[] lines = document.Text.Split('\n');
        List<string> kept = [];
        List<ulong> own = [];
        foreach (string line in lines)
        {
            if (Hash(line) is not ulong hash)
            {
                kept.Add(line);
                continue;
            }
            if (_seen.Contains(hash)) continue;
            own.Add(hash);
            kept.Add(line);
        }
        _seen.UnionWith(own);
        int removed = lines.Length - kept.Count;
        row.Note("lines removed", removed);
        if (removed == 0) return document;
        string text = string.Join('\n', kept).Trim('\n');
        if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= leastWordsLeft) return document with { Text = text };
        row.Note("too little left");
        return null;
    }

    // Null for a line that is too short to compare.
    private static ulong? Hash(string line)
    {
        StringBuilder normal = new();
        int words = 0;
        bool inside = false;
        foreach (char letter in line)
        {
            if (char.IsWhiteSpace(letter)) inside = false;
            if (!char.IsLetterOrDigit(letter)) continue;
            if (!inside)
            {
                words++;
                normal.Append(' ');
            }
            inside = true;
            normal.Append(char.IsDigit(letter) ? '0' : char.ToLowerInvariant(letter));
        }
        return words < LeastWords ? null : TextHash.Of(normal.ToString());
    }
}
