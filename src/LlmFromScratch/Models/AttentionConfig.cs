namespace LlmFromScratch.Models;

/// <summary>What a model's attention has beyond scaled dot products; the defaults are llama's.</summary>
public sealed record AttentionConfig
{
    /// <summary>The factor on scores; null for <c>1 / √D</c>.</summary>
    public float? Scale { get; init; }

    /// <summary>c: scores become <c>c · tanh(s / c)</c>; null for none (gemma2).</summary>
    public float? SoftCap { get; init; }

    /// <summary>Layers that see only the last tokens; null if all see all.</summary>
    public SlidingWindow? Window { get; init; }

    /// <summary>Whether each head of queries and keys is RMS-normalised before RoPE (qwen3, gemma3; Henry et al. 2020).</summary>
    public bool QueryKeyNorm { get; init; }
}
