namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Stages in a row: each document goes through all of them until one drops it, so that a corpus of any size needs memory for one document and what the stages
/// remember.
/// </summary>
public sealed class CleaningPipeline
{
    private readonly List<(IDocumentStage Stage, FunnelRow Row)> _stages = [];

    /// <summary>Puts the stages in a row.</summary>
    /// <param name="stages">In the order in which documents meet them.</param>
    public CleaningPipeline(IEnumerable<IDocumentStage> stages)
    {
        foreach (IDocumentStage stage in stages) _stages.Add((stage, Funnel.AddRow(stage.Name)));
    }

    /// <summary>What each stage has seen and let through so far.</summary>
    public FunnelReport Funnel { get; } = new();

    /// <summary>The documents that every stage lets through, as they are asked for.</summary>
    public IEnumerable<Document> Run(IEnumerable<Document> documents)
    {
        foreach (Document document in documents)
            if (Pass(document) is Document kept) yield return kept;
    }

    private Document? Pass(Document document)
    {
        long bytes = document.ByteCount;
        foreach ((IDocumentStage stage, FunnelRow row) in _stages)
        {
            row.Enter(bytes);
            Document? kept = stage.Apply(document, row);
            if (kept is null) return null;
            if (!ReferenceEquals(kept, document)) bytes = kept.ByteCount;
            row.Leave(bytes);
            document = kept;
        }
        return document;
    }
}
