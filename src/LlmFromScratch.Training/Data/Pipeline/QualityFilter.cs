namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>Drops a document that breaks a rule, and notes the first rule it breaks.</summary>
/// <param name="name">What the funnel calls the stage.</param>
/// <param name="rules">The rules, in the order in which they are tried.</param>
public sealed class QualityFilter(string name, IReadOnlyList<QualityRule> rules) : IDocumentStage
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row)
    {
        DocumentStatistics statistics = new(document.Text);
        foreach (QualityRule rule in rules)
        {
            if (rule.Passes(statistics)) continue;
            row.Note(rule.Name);
            return null;
        }
        return document;
    }
}
