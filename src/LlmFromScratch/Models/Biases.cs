namespace LlmFromScratch.Models;

/// <summary>Which of a model's matrices have a bias; layer norms always have one, RMS norms never.</summary>
[Flags]
public enum Biases
{
    /// <summary>None: llama, qwen3, gemma, phi3.</summary>
    None = 0,

    /// <summary>Query, key and value: qwen2.</summary>
    QueryKeyValue = 1,

    /// <summary>The output matrix of attention.</summary>
    AttentionOutput = 2,

    /// <summary>The matrices of the feed-forward network.</summary>
    FeedForward = 4,

    /// <summary>The output head.</summary>
    Head = 8,
}
