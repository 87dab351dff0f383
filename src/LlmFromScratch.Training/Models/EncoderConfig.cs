using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>The sizes of a <see cref="BertModel"/>.</summary>
public sealed record EncoderConfig
{
    /// <summary>V: tokens, the mask among them.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The longest text in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The blocks.</summary>
    public required TransformerStackSettings Stack { get; init; }

    /// <summary>Classes of the classification head.</summary>
    public int ClassCount { get; init; } = 2;
}
