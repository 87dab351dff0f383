namespace LlmFromScratch.Sampling;

/// <summary>Keeps the k best tokens (Fan et al. 2018, section 5.4); among equal logits the lower id stays. k = 0 or k ≥ the candidates left changes nothing.</summary>
public sealed class TopKSampler : ISampler
{
    private readonly int _k;

    /// <summary>Sets k, at least 0.</summary>
    public TopKSampler(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        _k = k;
    }

    /// <inheritdoc/>
    public void Apply(CandidateList candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (_k > 0 && _k < candidates.Count) candidates.KeepFirst(_k);
    }
}
