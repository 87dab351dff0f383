namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>Drops a document whose licence nobody stated, or stated in words that are no SPDX identifier.</summary>
public sealed class LicenceFilter : IDocumentStage
{
    /// <summary>What the funnel notes for documents that state no licence.</summary>
    public const string None = "no licence";

    /// <inheritdoc/>
    public string Name => "licence";

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row)
    {
        if (Licences.IsKnown(document.Licence)) return document;
        row.Note(string.IsNullOrWhiteSpace(document.Licence) ? None : $"unknown: {document.Licence}");
        return null;
    }
}
