namespace LlmFromScratch.Training.Optimization;

/// <summary>The constants of <see cref="AdamW"/>.</summary>
public sealed record AdamWSettings
{
    /// <summary>β₁: how slowly the mean of the gradients moves.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂: how slowly the mean of their squares moves.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>ε: keeps the division finite.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>How much of each matrix fades with every step, times the learning rate; norms do not fade.</summary>
    public float WeightDecay { get; init; } = 0.1f;
}
