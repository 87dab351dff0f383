using LlmFromScratch.Sampling;

namespace LlmFromScratch.Inference;

/// <summary>How a text is continued.</summary>
public sealed record GenerationOptions
{
    /// <summary>
    /// Most tokens to generate, at least 0; null for as many as the model's context holds. A number given here may lead beyond the context
    /// that the model was trained for: RoPE goes on turning, but the text usually gets worse from there.
    /// </summary>
    public int? MaxTokens { get; init; }

    /// <summary>Whether to go on when the model says that it has finished: for measurements.</summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>The dials of sampling.</summary>
    public SamplingOptions Sampling { get; init; } = new();
}
