using LlmFromScratch.Sampling;

namespace LlmFromScratch.Inference;

/// <summary>How a text is continued.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens to generate, at least 0.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Whether to go on when the model says that it has finished: for measurements.</summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>The dials of sampling.</summary>
    public SamplingOptions Sampling { get; init; } = new();
}
