using System.Runtime.InteropServices;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// Counts documents that are nearly equal to an earlier one: the Jaccard similarity of their sets of word 5-grams, <c>|A ∩ B| / |A ∪ B|</c>, reaches
/// a threshold. Exact, by an index from each 5-gram to the documents that have it; for some thousands of documents. <see cref="Pipeline.NearDuplicateFilter"/>
/// estimates the same for millions. Source: Broder 1997, "On the resemblance and containment of documents".
/// </summary>
/// <param name="threshold">The similarity from which on documents are near duplicates, above 0 and up to 1.</param>
public sealed class NearDuplicates(double threshold = 0.5)
{
    private const int Length = 5;

    private readonly Dictionary<string, List<int>> _documentsOf = [];
    private readonly List<int> _sizes = [];

    /// <summary>How many of the documents so far are near duplicates.</summary>
    public int Count { get; private set; }

    /// <summary>How similar the last document is to the earlier one nearest to it.</summary>
    public double Similarity { get; private set; }

    /// <summary>Adds a document.</summary>
    /// <param name="words">Its words in order.</param>
    /// <returns>Whether an earlier document is nearly equal to it.</returns>
    public bool Add(IReadOnlyList<string> words)
    {
        HashSet<string> grams = [];
        for (int i = 0; i + Length <= words.Count; i++) grams.Add(string.Join(' ', words.Skip(i).Take(Length)));
        Dictionary<int, int> shared = [];
        foreach (string gram in grams)
        {
            ref List<int>? documents = ref CollectionsMarshal.GetValueRefOrAddDefault(_documentsOf, gram, out _);
            documents ??= [];
            foreach (int document in documents) CollectionsMarshal.GetValueRefOrAddDefault(shared, document, out _)++;
            documents.Add(_sizes.Count);
        }
        _sizes.Add(grams.Count);
        Similarity = 0;
        foreach ((int document, int common) in shared) Similarity = Math.Max(Similarity, (double)common / (grams.Count + _sizes[document] - common));
        if (Similarity < threshold) return false;
        Count++;
        return true;
    }
}
