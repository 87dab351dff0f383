namespace LlmFromScratch.Models;

/// <summary>How RoPE is stretched to positions beyond those of training. Llama 3's way needs no kind: its divisors are a tensor, "rope_freqs.weight".</summary>
public enum RopeScalingKind
{
    /// <summary>All frequencies are divided by the factor; a factor of 1 is no scaling (Chen et al. 2023, position interpolation).</summary>
    Linear,

    /// <summary>Slow pairs are divided, fast pairs kept, and the turned values enlarged (Peng et al. 2023, YaRN).</summary>
    Yarn,

    /// <summary>
    /// Each pair has a divisor of its own from the tensors "rope_factors_long.weight" and "rope_factors_short.weight" (Ding et al. 2024, LongRoPE).
    /// </summary>
    LongRope,
}
