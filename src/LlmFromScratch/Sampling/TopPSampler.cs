namespace LlmFromScratch.Sampling;

/// <summary>
/// Nucleus sampling: keeps the smallest set of best tokens whose probabilities sum to at least p (Holtzman et al. 2020, section 3.1).
/// Probabilities are those of the candidates that earlier stages left, renormalised. p = 1 changes nothing.
/// </summary>
public sealed class TopPSampler : ISampler
{
    private readonly float _p;

    /// <summary>Sets p, in (0, 1].</summary>
    public TopPSampler(float p)
    {
        if (!(p > 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "Top-p: expected a number above 0 and at most 1.");
        _p = p;
    }

    /// <inheritdoc/>
    public void Apply(CandidateList candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (_p >= 1) return;
        int count = candidates.CountToReach(_p, exceed: false);
        if (count > 0) candidates.KeepFirst(count); // else rounding left the sum of all just below p
    }
}
