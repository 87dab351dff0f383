using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>One step of AdamW over an array of weights (Loshchilov and Hutter 2019, algorithm 2).</summary>
internal static class AdamWUpdate
{
    /// <summary>
    /// With g the gradient: <c>m = β₁m + (1-β₁)g</c>, <c>v = β₂v + (1-β₂)g²</c>,
    /// <c>w = w · keep - rate · m / (√v · rootCorrection + ε)</c>; all arrays [n].
    /// </summary>
    /// <param name="weights">w, changed.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m, changed.</param>
    /// <param name="square">v, changed.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="rate">Learning rate over <c>1 - β₁^t</c>.</param>
    /// <param name="rootCorrection"><c>1 / √(1 - β₂^t)</c>.</param>
    /// <param name="keep"><c>1 - learning rate · decay</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square,
        float beta1, float beta2, float epsilon, float rate, float rootCorrection, float keep)
    {
        Span<Vector512<float>> w = SixteenLanes.Of(weights), m = SixteenLanes.Of(mean), v = SixteenLanes.Of(square);
        ReadOnlySpan<Vector512<float>> g = SixteenLanes.Of(gradient);
        Vector512<float> epsilons = Vector512.Create(epsilon);
        for (int i = 0; i < w.Length; i++)
        {
            m[i] = m[i] * beta1 + g[i] * (1 - beta1);
            v[i] = v[i] * beta2 + g[i] * g[i] * (1 - beta2);
            w[i] = w[i] * keep - m[i] * rate / (Vector512.Sqrt(v[i]) * rootCorrection + epsilons);
        }
        for (int i = w.Length * SixteenLanes.Count; i < weights.Length; i++)
        {
            mean[i] = mean[i] * beta1 + gradient[i] * (1 - beta1);
            square[i] = square[i] * beta2 + gradient[i] * gradient[i] * (1 - beta2);
            weights[i] = weights[i] * keep - mean[i] * rate / (MathF.Sqrt(square[i]) * rootCorrection + epsilon);
        }
    }
}
