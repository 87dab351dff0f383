namespace LlmFromScratch.Sampling;

/// <summary>
/// The usual dials of generation. The stages run in this order: penalties, logit bias, temperature, top-k, top-p, min-p, typical; each works on
/// what the one before left, with probabilities renormalised. Another order is another <see cref="SamplerChain"/> of the same stages.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>T of <see cref="TemperatureSampler"/>; 0 is greedy.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>k of <see cref="TopKSampler"/>; 0 is off.</summary>
    public int TopK { get; init; }

    /// <summary>p of <see cref="TopPSampler"/>; 1 is off.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>p of <see cref="MinPSampler"/>; 0 is off.</summary>
    public float MinP { get; init; }

    /// <summary>p of <see cref="TypicalSampler"/>; 1 is off.</summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>θ of <see cref="PenaltySampler"/>; 1 is off.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>What each earlier choice of a token costs it; 0 is off.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>What it costs a token to have been chosen at all; 0 is off.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Numbers to add to the logits of some tokens, or null.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>The seed of the draws: the same seed gives the same text.</summary>
    public ulong Seed { get; init; } = 1;

    internal bool HasPenalties => RepetitionPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0;
}
