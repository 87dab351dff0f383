using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>Softmax of a row and its gradient.</summary>
internal static class SoftmaxGradient
{
    /// <summary><c>y = e^(x - max) / Σ e^(x - max)</c>; both [n], y not x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        float max = float.NegativeInfinity;
        foreach (float value in x) max = MathF.Max(max, value);
        ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(x);
        Span<Vector512<float>> yLanes = SixteenLanes.Of(y);
        Vector512<float> maxima = Vector512.Create(max);
        for (int i = 0; i < yLanes.Length; i++) yLanes[i] = SixteenLanes.Exp(xLanes[i] - maxima); // at most 1: exp cannot overflow
        for (int i = yLanes.Length * SixteenLanes.Count; i < y.Length; i++) y[i] = SixteenLanes.Exp(Vector512.Create(x[i] - max))[0];
        Elementwise.Scale(1 / Elementwise.Sum(y), y, y);
    }

    /// <summary><c>xGrad += y · (yGrad - Σ y · yGrad)</c>; all [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ReadOnlySpan<float> y, ReadOnlySpan<float> yGrad, Span<float> xGrad)
    {
        float mean = Elementwise.Dot(y, yGrad); // the mean gradient under the probabilities
        ReadOnlySpan<Vector512<float>> yLanes = SixteenLanes.Of(y), yGradLanes = SixteenLanes.Of(yGrad);
        Span<Vector512<float>> xGradLanes = SixteenLanes.Of(xGrad);
        Vector512<float> means = Vector512.Create(mean);
        for (int i = 0; i < xGradLanes.Length; i++) xGradLanes[i] += yLanes[i] * (yGradLanes[i] - means);
        for (int i = xGradLanes.Length * SixteenLanes.Count; i < y.Length; i++) xGrad[i] += y[i] * (yGrad[i] - mean);
    }

    /// <summary><c>y = x - max - log Σ e^(x - max)</c>; both [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogForward(ReadOnlySpan<float> x, Span<float> y)
    {
        double logSum = CrossEntropyGradient.Forward(x, 0, out _, out _) + x[0]; // -log softmax[0] = logSum - x[0]
        for (int i = 0; i < y.Length; i++) y[i] = (float)(x[i] - logSum);
    }

    /// <summary><c>xGrad += yGrad - e^y · Σ yGrad</c>; all [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> yGrad, Span<float> xGrad)
    {
        float sum = Elementwise.Sum(yGrad);
        ReadOnlySpan<Vector512<float>> yLanes = SixteenLanes.Of(y), yGradLanes = SixteenLanes.Of(yGrad);
        Span<Vector512<float>> xGradLanes = SixteenLanes.Of(xGrad);
        for (int i = 0; i < xGradLanes.Length; i++) xGradLanes[i] += yGradLanes[i] - SixteenLanes.Exp(yLanes[i]) * sum;
        for (int i = xGradLanes.Length * SixteenLanes.Count; i < y.Length; i++) xGrad[i] += yGrad[i] - SixteenLanes.Exp(Vector512.Create(y[i]))[0] * sum;
    }
}
