namespace LlmFromScratch.Sampling;

/// <summary>The usual dials of generation. The stages run in this order: temperature, top-k, top-p.</summary>
public sealed record SamplingOptions
{
    /// <summary>T of <see cref="TemperatureSampler"/>; 0 is greedy.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>k of <see cref="TopKSampler"/>; 0 is off.</summary>
    public int TopK { get; init; }

    /// <summary>p of <see cref="TopPSampler"/>; 1 is off.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>The seed of the draws: the same seed gives the same text.</summary>
    public ulong Seed { get; init; } = 1;
}
