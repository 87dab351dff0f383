using LlmFromScratch.Numerics;

namespace LlmFromScratch.Sampling;

/// <summary>
/// Locally typical sampling: keeps the tokens whose surprise is nearest to the expected one, the fewest whose probabilities sum to at least p
/// (Meister et al. 2023, section 4): ordered by <c>|-ln p_i - H|</c> with the entropy <c>H = -Σ p_i ln p_i</c>; among equals the more probable first.
/// Unlike top-p it may drop the most probable token. p = 1 changes nothing.
/// </summary>
public sealed class TypicalSampler : ISampler
{
    private readonly float _p;
    private readonly double[] _distances; // [V]: |-ln p_i - H|
    private readonly int[] _ranks; // [V]
    private readonly bool[] _marks; // [V]

    /// <summary>Sets p, in (0, 1].</summary>
    public TypicalSampler(int vocabSize, float p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, 1);
        if (!(p > 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "Typical p: expected a number above 0 and at most 1.");
        _p = p;
        (_distances, _ranks, _marks) = (new double[vocabSize], new int[vocabSize], new bool[vocabSize]);
    }

    /// <inheritdoc/>
    public void Apply(CandidateList candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (_p >= 1) return;
        ReadOnlySpan<float> probabilities = candidates.ComputeProbabilities();
        double entropy = Probability.Entropy(probabilities);
        int count = candidates.Count;
        for (int i = 0; i < count; i++)
        {
            double surprise = probabilities[i] > 0 ? -PortableMath.Log(probabilities[i]) : double.PositiveInfinity;
            (_distances[i], _ranks[i]) = (Math.Abs(surprise - entropy), i);
        }
        KeepNearest(probabilities);
        candidates.Keep(_marks.AsSpan(0, count));
    }

    private void KeepNearest(ReadOnlySpan<float> probabilities)
    {
        int count = probabilities.Length;
        Span<bool> marks = _marks.AsSpan(0, count);
        marks.Clear();
        SortByDistance(count);
        double cumulative = 0;
        for (int i = 0; i < count && cumulative < _p; i++)
        {
            cumulative += probabilities[_ranks[i]];
            marks[_ranks[i]] = true;
        }
    }

    // Equal distances must keep the order of ranks, which Sort does not promise: so runs of equals are sorted again.
    private void SortByDistance(int count)
    {
        Array.Sort(_distances, _ranks, 0, count);
        for (int start = 0; start < count;)
        {
            int end = start + 1;
            while (end < count && _distances[end] == _distances[start]) end++;
            _ranks.AsSpan(start, end - start).Sort();
            start = end;
        }
    }
}
