using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>Softmax and negative log-likelihood of one target in one pass over a row of logits, and the gradient.</summary>
internal static class CrossEntropyGradient
{
    /// <summary><c>-log softmax(logits)[target] = max + log Σ e^(logit - max) - logits[target]</c>.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="target">The right token's id, in [0, V).</param>
    /// <param name="max">The largest logit, for the gradient.</param>
    /// <param name="inverseSum"><c>1 / Σ e^(logit - max)</c>, for the gradient.</param>
    /// <returns>The loss of this row in nats.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Forward(ReadOnlySpan<float> logits, int target, out float max, out float inverseSum)
    {
        ReadOnlySpan<Vector512<float>> lanes = SixteenLanes.Of(logits);
        Vector512<float> maxLanes = Vector512.Create(float.NegativeInfinity), sums = default;
        for (int i = 0; i < lanes.Length; i++) maxLanes = Vector512.Max(maxLanes, lanes[i]);
        max = SixteenLanes.Max(maxLanes);
        for (int i = lanes.Length * SixteenLanes.Count; i < logits.Length; i++) max = MathF.Max(max, logits[i]);
        Vector512<float> maxima = Vector512.Create(max);
        for (int i = 0; i < lanes.Length; i++) sums += SixteenLanes.Exp(lanes[i] - maxima); // the max is subtracted so that exp cannot overflow
        float sum = SixteenLanes.Sum(sums);
        for (int i = lanes.Length * SixteenLanes.Count; i < logits.Length; i++) sum += SixteenLanes.Exp(Vector512.Create(logits[i] - max))[0];
        inverseSum = 1 / sum;
        return max + PortableMath.Log(sum) - logits[target];
    }

    /// <summary><c>logitsGrad = scale · (softmax(logits) - onehot(target))</c>.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="target">The right token's id.</param>
    /// <param name="max">From the forward pass.</param>
    /// <param name="inverseSum">From the forward pass.</param>
    /// <param name="scale">The gradient of the loss over the number of counted targets.</param>
    /// <param name="logitsGrad">[V].</param>
    /// <param name="accumulate">Adds to logitsGrad instead of overwriting.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ReadOnlySpan<float> logits, int target, float max, float inverseSum, float scale,
        Span<float> logitsGrad, bool accumulate)
    {
        ReadOnlySpan<Vector512<float>> lanes = SixteenLanes.Of(logits);
        Span<Vector512<float>> gradLanes = SixteenLanes.Of(logitsGrad);
        Vector512<float> maxima = Vector512.Create(max);
        float factor = inverseSum * scale;
        for (int i = 0; i < lanes.Length; i++)
        {
            Vector512<float> gradient = SixteenLanes.Exp(lanes[i] - maxima) * factor;
            gradLanes[i] = accumulate ? gradLanes[i] + gradient : gradient;
        }
        for (int i = lanes.Length * SixteenLanes.Count; i < logits.Length; i++)
        {
            float gradient = SixteenLanes.Exp(Vector512.Create(logits[i] - max))[0] * factor;
            logitsGrad[i] = accumulate ? logitsGrad[i] + gradient : gradient;
        }
        logitsGrad[target] -= scale;
    }
}
