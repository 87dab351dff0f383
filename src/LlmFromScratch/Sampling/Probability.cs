using LlmFromScratch.Numerics;

namespace LlmFromScratch.Sampling;

/// <summary>
/// The arithmetic of probability that sampling, training and evaluation share. Logarithms are natural, so results are in nats; divide by
/// ln 2 for bits. Computed in double with the library's own exponential. Taught in notebooks/01-probability-and-entropy.ipynb.
/// </summary>
public static class Probability
{
    /// <summary><c>softmax(z)_i = e^(z_i - m) / Σ_j e^(z_j - m)</c> with m the largest logit, so that no exponential can overflow.</summary>
    /// <param name="logits">[n], n at least 1; -∞ means impossible, and at least one must be finite.</param>
    /// <param name="probabilities">[n]; may be <paramref name="logits"/>. They sum to 1.</param>
    /// <exception cref="ArgumentException">Empty, lengths differ, or a largest logit that is not finite.</exception>
    public static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        if (logits.Length != probabilities.Length)
            throw new ArgumentException($"Softmax: {logits.Length} logits but room for {probabilities.Length} probabilities.", nameof(probabilities));
        double max = Max(logits), sum = PortableVectorMath.SumOfExp(logits, max);
        for (int i = 0; i < logits.Length; i++) probabilities[i] = (float)(PortableMath.Exp(logits[i] - max) / sum);
    }

    /// <summary><c>ln Σ_i e^(z_i)</c>, computed as <c>m + ln Σ_i e^(z_i - m)</c>.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double max = Max(logits);
        return max + PortableMath.Log(PortableVectorMath.SumOfExp(logits, max));
    }

    /// <summary>The loss of a model that gave <paramref name="target"/> its softmax probability: <c>-ln p(target) = LogSumExp(z) - z_target</c>, in nats.</summary>
    public static double CrossEntropy(ReadOnlySpan<float> logits, int target)
    {
        if ((uint)target >= (uint)logits.Length)
            throw new ArgumentOutOfRangeException(nameof(target), target, $"CrossEntropy: expected a token in 0 to {logits.Length - 1}.");
        return LogSumExp(logits) - logits[target];
    }

    /// <summary>Shannon's entropy <c>H(p) = -Σ_i p_i ln p_i</c> in nats; a term with p = 0 is 0 (Shannon 1948, section 6).</summary>
    /// <param name="probabilities">Each at least 0; they sum to 1.</param>
    public static double Entropy(ReadOnlySpan<float> probabilities)
    {
        double sum = 0;
        foreach (float p in probabilities)
            if (p > 0) sum -= p * PortableMath.Log(p);
        return sum;
    }

    /// <summary>Kullback and Leibler's divergence <c>KL(p‖q) = Σ_i p_i ln(p_i / q_i)</c> in nats; +∞ where q is 0 and p is not.</summary>
    /// <param name="p">[n] probabilities.</param>
    /// <param name="q">[n] probabilities.</param>
    public static double KullbackLeibler(ReadOnlySpan<float> p, ReadOnlySpan<float> q)
    {
        if (p.Length != q.Length) throw new ArgumentException($"KullbackLeibler: p has {p.Length} outcomes, q has {q.Length}.", nameof(q));
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
            if (p[i] > 0) sum += p[i] * (PortableMath.Log(p[i]) - PortableMath.Log(q[i]));
        return sum;
    }

    /// <summary>Draws an index with the given probabilities: the first whose cumulative sum exceeds a uniform number.</summary>
    /// <param name="probabilities">Each at least 0; they sum to 1 but for rounding.</param>
    /// <param name="random">One uniform is drawn.</param>
    public static int Draw(ReadOnlySpan<float> probabilities, SeededRandom random)
    {
        double u = random.NextDouble(), cumulative = 0;
        int last = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] <= 0) continue;
            cumulative += probabilities[i];
            last = i;
            if (u < cumulative) return i;
        }
        return last; // rounding left the sum just below u: the last possible outcome owns that sliver
    }

    private static double Max(ReadOnlySpan<float> logits)
    {
        if (logits.IsEmpty) throw new ArgumentException("Softmax: expected at least one logit, got none.", nameof(logits));
        float max = float.NegativeInfinity;
        foreach (float logit in logits)
            if (!(logit <= max)) max = logit; // also true for NaN, which the check below then names
        if (!float.IsFinite(max)) throw new ArgumentException($"Softmax: the largest logit is {max}; expected a finite number.", nameof(logits));
        return max;
    }
}
