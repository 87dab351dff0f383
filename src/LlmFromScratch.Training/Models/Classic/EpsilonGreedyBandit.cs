using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Models.Classic;

/// <summary>
/// Learns by trying which of several levers pays most: mostly pulls the best one so far, sometimes a random one, because what looks worse may only have been
/// unlucky (Sutton and Barto 2018, section 2.2).
/// </summary>
/// <param name="armCount">Levers.</param>
/// <param name="exploration">ε in [0, 1]: the share of random pulls.</param>
/// <param name="random">Draws.</param>
public sealed class EpsilonGreedyBandit(int armCount, double exploration, SeededRandom random)
{
    private readonly double[] _means = new double[armCount];
    private readonly int[] _counts = new int[armCount];

    /// <summary>The mean reward of each lever so far.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>How often each lever was pulled.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Which lever to pull next; of equal ones the first.</summary>
    public int Choose()
    {
        if (random.NextDouble() < exploration) return random.NextInt(armCount);
        int best = 0;
        for (int arm = 1; arm < armCount; arm++)
            if (_means[arm] > _means[best]) best = arm;
        return best;
    }

    /// <summary>Learns what a pull paid: the mean moves by <c>(reward - mean) / count</c>.</summary>
    public void Learn(int arm, double reward) => _means[arm] += (reward - _means[arm]) / ++_counts[arm];
}
