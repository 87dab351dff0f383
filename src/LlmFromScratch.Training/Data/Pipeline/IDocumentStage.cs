namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>One step of cleaning: keeps, changes or drops a document. Stages see the documents one after the other, in order; some remember what they saw.</summary>
public interface IDocumentStage
{
    /// <summary>What the funnel calls it, such as "near duplicates".</summary>
    string Name { get; }

    /// <summary>Judges a document.</summary>
    /// <param name="document">The document; never changed, records are copied.</param>
    /// <param name="row">The stage's row of the funnel, for <see cref="FunnelRow.Note"/>: which rule dropped it, what was removed from it.</param>
    /// <returns>The document, or a changed copy, or null to drop it.</returns>
    Document? Apply(Document document, FunnelRow row);
}
