using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Inference;

/// <summary>How a text is continued.</summary>
public sealed record GenerationOptions
{
    /// <summary>
    /// Most tokens to generate, at least 0; null for as many as fit. A number given here, without a <see cref="ContextLength"/>, may lead beyond the
    /// context that the model was trained for: RoPE goes on turning, but the text usually gets worse from there.
    /// </summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// Most tokens of prompt and answer together; null for prompt and <see cref="MaxTokens"/>, or, where that is null too, for what the model was trained
    /// for, at most <see cref="Session.MostTokensUnasked"/>. A prompt that is longer is refused; an answer ends there with <see cref="FinishReason.Length"/>:
    /// nothing that was read is ever dropped to make room.
    /// </summary>
    public int? ContextLength { get; init; }

    /// <summary>Whether to go on when the model says that it has finished: for measurements.</summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>Strings that end the text, none empty; neither they nor a part of them is shown.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>How many of the most probable tokens to list beside each chosen one, at least 0; null for no log-probabilities at all.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>How past keys and values are stored: F32, F16 or Q8_0. Only for a generation that makes its own session.</summary>
    public DType CacheType { get; init; } = DType.F32;

    /// <summary>The dials of sampling.</summary>
    public SamplingOptions Sampling { get; init; } = new();
}
