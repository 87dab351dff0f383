namespace LlmFromScratch.Sampling;

/// <summary>One continuation that a beam search follows or has found.</summary>
public sealed record BeamHypothesis
{
    /// <summary>The tokens after the prompt; the end-of-sequence token included where it ended with one.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary><c>Σ_t ln p(y_t)</c>.</summary>
    public required double LogProbability { get; init; }

    /// <summary><see cref="LogProbability"/> divided by the length penalty: what hypotheses of different lengths are compared by.</summary>
    public required double Score { get; init; }

    /// <summary>Whether the model said that it had finished.</summary>
    public required bool IsFinished { get; init; }
}
