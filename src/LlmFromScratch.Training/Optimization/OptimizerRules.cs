using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Optimization;

/// <summary>The rules of the optimizers in plain loops and double precision: their definition, which the fast ones must equal.</summary>
public static class OptimizerRules
{
    /// <summary><c>velocity = μ · velocity + g</c>, <c>w = w - rate · velocity</c>; with μ = 0 plain gradient descent. All [n].</summary>
    /// <param name="weights">w, changed.</param>
    /// <param name="gradient">g.</param>
    /// <param name="velocity">Zeros before the first step; changed.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">μ.</param>
    public static void Sgd(Span<double> weights, ReadOnlySpan<double> gradient, Span<double> velocity, double rate, double momentum)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            velocity[i] = momentum * velocity[i] + gradient[i];
            weights[i] -= rate * velocity[i];
        }
    }

    /// <summary>
    /// <c>m = β₁m + (1-β₁)g</c>, <c>v = β₂v + (1-β₂)g²</c>, <c>w = w (1 - rate · decay) - rate · m/(1-β₁^t) / (√(v/(1-β₂^t)) + ε)</c>
    /// (Loshchilov and Hutter 2019, algorithm 2); with decay 0 Adam. All [n].
    /// </summary>
    /// <param name="weights">w, changed.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m, zeros before the first step; changed.</param>
    /// <param name="square">v, zeros before the first step; changed.</param>
    /// <param name="step">t, 1 at the first step.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="decay">How much fades, times the rate.</param>
    public static void AdamW(Span<double> weights, ReadOnlySpan<double> gradient, Span<double> mean, Span<double> square, int step,
        double rate, double beta1, double beta2, double epsilon, double decay)
    {
        double meanCorrection = 1 - PortableMath.Pow(beta1, step), squareCorrection = 1 - PortableMath.Pow(beta2, step);
        for (int i = 0; i < weights.Length; i++)
        {
            mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
            square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i];
            weights[i] = weights[i] * (1 - rate * decay) - rate * (mean[i] / meanCorrection) / (Math.Sqrt(square[i] / squareCorrection) + epsilon);
        }
    }

    /// <summary>Scales a gradient by <c>min(1, maxNorm / (norm + 1e-6))</c>; returns its norm before.</summary>
    public static double Clip(Span<double> gradient, double maxNorm)
    {
        double squares = 0;
        foreach (double value in gradient) squares += value * value;
        double norm = Math.Sqrt(squares), factor = Math.Min(1, maxNorm / (norm + GradientClipping.Guard));
        foreach (ref double value in gradient) value *= factor;
        return norm;
    }
}
