namespace LlmFromScratch.Inference;

/// <summary>A finished generation.</summary>
public sealed record Generation
{
    /// <summary>The prompt's ids as the model read them, beginning-of-sequence token included.</summary>
    public required IReadOnlyList<int> PromptIds { get; init; }

    /// <summary>The ids that the model chose, without the end-of-sequence token; the ids of a stop string, which <see cref="Text"/> leaves out, are among them.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>The text of <see cref="Ids"/> up to the first stop string: the continuation, without the prompt.</summary>
    public required string Text { get; init; }

    /// <summary>Why it ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>One entry for each of <see cref="Ids"/>, or null when <see cref="GenerationOptions.TopLogprobs"/> was null.</summary>
    public required IReadOnlyList<TokenLogprobs>? Logprobs { get; init; }

    /// <summary>How long it took.</summary>
    public required GenerationTimings Timings { get; init; }
}
