using LlmFromScratch.Numerics;

namespace LlmFromScratch.Sampling;

/// <summary>
/// Keeps the tokens that are at least p times as probable as the best: <c>p_i ≥ p · p_max</c>, which is <c>z_i - z_max ≥ ln p</c> (Nguyen et al. 2024,
/// min-p, section 3). A sure model keeps few tokens, an unsure one many. p = 0 changes nothing, p = 1 keeps the best and what equals it.
/// </summary>
public sealed class MinPSampler : ISampler
{
    private readonly float _p;

    /// <summary>Sets p, in [0, 1].</summary>
    public MinPSampler(float p)
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "Min-p: expected a number from 0 to 1.");
        _p = p;
    }

    /// <inheritdoc/>
    public void Apply(CandidateList candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (_p == 0) return;
        double threshold = candidates.Best() + PortableMath.Log(_p);
        int kept = 0;
        foreach (float logit in candidates.UnorderedLogits)
            if (logit >= threshold) kept++;
        candidates.KeepFirst(Math.Max(1, kept)); // the best is at least p times as probable as itself, whatever rounding says
    }
}
