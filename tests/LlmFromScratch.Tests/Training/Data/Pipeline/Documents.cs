using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

/// <summary>Texts as documents of one source, and stages over them.</summary>
internal static class Documents
{
    public static Document Of(string text, string source = "test", string? licence = "CC0-1.0") => new(text, source, licence);

    /// <summary>The texts that a stage lets through, and its row of the funnel.</summary>
    public static (string[] Texts, FunnelRow Row) Through(IDocumentStage stage, params string[] texts)
    {
        CleaningPipeline pipeline = new([stage]);
        string[] kept = [.. pipeline.Run(texts.Select(text => Of(text))).Select(document => document.Text)];
        return (kept, pipeline.Funnel.Rows[0]);
    }
}
