using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Losses over the n tokens of sampled answers, with their gradients, in double precision.</summary>
public static class PolicyLosses
{
    /// <summary>
    /// The clipped objective of PPO as a loss (Schulman et al. 2017, eq. 7): <c>-mean min(r A, clip(r, 1-ε, 1+ε) A)</c> with
    /// <c>r = e^(logProbability - oldLogProbability)</c>. Once a token's probability has moved by ε in the good direction, its gradient is 0.
    /// </summary>
    /// <param name="logProbabilities">[n] by the model that learns.</param>
    /// <param name="oldLogProbabilities">[n] by the model that sampled.</param>
    /// <param name="advantages">[n] A: how much better than expected each token was.</param>
    /// <param name="clip">ε.</param>
    /// <param name="gradient">[n] the derivative by logProbabilities.</param>
    public static double Ppo(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> oldLogProbabilities, ReadOnlySpan<double> advantages, double clip,
        Span<double> gradient)
    {
        double sum = 0;
        int n = logProbabilities.Length;
        for (int i = 0; i < n; i++)
        {
            double ratio = PortableMath.Exp(logProbabilities[i] - oldLogProbabilities[i]);
            double free = ratio * advantages[i], held = Math.Clamp(ratio, 1 - clip, 1 + clip) * advantages[i];
            sum -= Math.Min(free, held);
            gradient[i] = free <= held ? -free / n : 0; // d ratio / d logProbability = ratio; where the held value is the lesser, the ratio is clipped
        }
        return sum / n;
    }

    /// <summary>
    /// An estimate of the KL divergence from the reference that is never negative (Schulman 2020, "Approximating KL divergence", k3):
    /// <c>mean (e^d - d - 1)</c> with <c>d = reference - logProbability</c>.
    /// </summary>
    /// <param name="logProbabilities">[n] by the model that learns.</param>
    /// <param name="reference">[n] by the model it started from.</param>
    /// <param name="gradient">[n] the derivative by logProbabilities.</param>
    public static double Kl(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> reference, Span<double> gradient)
    {
        double sum = 0;
        int n = logProbabilities.Length;
        for (int i = 0; i < n; i++)
        {
            double difference = reference[i] - logProbabilities[i], ratio = PortableMath.Exp(difference);
            sum += ratio - difference - 1;
            gradient[i] = (1 - ratio) / n;
        }
        return sum / n;
    }

    /// <summary>The value head's loss: <c>mean ½ (value - return)²</c>.</summary>
    /// <param name="values">[n] what the value head expects from here on.</param>
    /// <param name="returns">[n] what came.</param>
    /// <param name="gradient">[n] the derivative by values.</param>
    public static double Value(ReadOnlySpan<double> values, ReadOnlySpan<double> returns, Span<double> gradient)
    {
        double sum = 0;
        int n = values.Length;
        for (int i = 0; i < n; i++)
        {
            double miss = values[i] - returns[i];
            sum += miss * miss / 2;
            gradient[i] = miss / n;
        }
        return sum / n;
    }
}
