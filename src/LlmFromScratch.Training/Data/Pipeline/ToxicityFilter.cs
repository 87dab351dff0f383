namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Drops a document too much of which is unkind: insults, threats, exclusion. Each sentence is judged by <see cref="OwnClassifiers.Kindness"/> and weighs by its length,
/// so that an exclamation weighs little. A tale in which one villain is rude once passes. It is a small classifier, which knows no sarcasm and no context.
/// </summary>
/// <param name="mostShare">The greatest share of the text in unkind sentences that passes, from 0 to 1.</param>
public sealed class ToxicityFilter(double mostShare = ToxicityFilter.DefaultShare) : IDocumentStage
{
    /// <summary>A quarter of the text.</summary>
    public const double DefaultShare = 0.25;

    /// <summary>The least probability at which a sentence counts as unkind.</summary>
    public const double LeastProbability = 0.8;

    /// <inheritdoc/>
    public string Name => "toxicity";

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row) => UnkindShare(document.Text) <= mostShare ? document : null;

    /// <summary>The share of a text's characters that stand in unkind sentences; 0 for a text without sentences.</summary>
    public static double UnkindShare(string text)
    {
        long unkind = 0, all = 0;
        foreach (string sentence in Evaluation.Text.Sentences(text))
        {
            all += sentence.Length;
            if (OwnClassifiers.Kindness.Probability(sentence, OwnClassifiers.Unkind) >= LeastProbability) unkind += sentence.Length;
        }
        return all == 0 ? 0 : (double)unkind / all;
    }
}
