namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Drops a document that is nearly equal to an earlier one that was kept: signatures of <see cref="Bands"/> bands of <see cref="Rows"/> positions, as in FineWeb (Penedo et al.
/// 2024, section 3.4), whose likeness is then estimated from all positions. <see cref="NearDuplicates"/> is the exact form for some thousands of documents.
/// </summary>
/// <param name="threshold">The estimated Jaccard similarity of the sets of word 5-grams from which on documents are near duplicates.</param>
public sealed class NearDuplicateFilter(double threshold = NearDuplicateFilter.DefaultThreshold) : IDocumentStage
{
    /// <summary>Bands of a signature; two documents of similarity 0.75 meet with a chance of 77 %, of 0.85 with 99 %, of 0.5 with 5 %.</summary>
    public const int Bands = 14;

    /// <summary>Positions of a band.</summary>
    public const int Rows = 8;

    /// <summary>The similarity that FineWeb aims at.</summary>
    public const double DefaultThreshold = 0.75;

    private readonly MinHash _hash = new(Bands * Rows);
    private readonly SignatureIndex _index = new(Bands, Rows, threshold);

    /// <inheritdoc/>
    public string Name => "near duplicates";

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row)
    {
        List<string> words = Evaluation.Text.Words(document.Text);
        return words.Count == 0 || _index.FindOrAdd(_hash.Signature(words)) < 0 ? document : null;
    }
}
