using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>How the pipeline writes JSON: camelCase names, text unescaped.</summary>
internal static class PipelineJson
{
    /// <summary>On one line, for .jsonl files.</summary>
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    /// <summary>On many lines, for reports that people read too.</summary>
    public static JsonSerializerOptions Indented { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
