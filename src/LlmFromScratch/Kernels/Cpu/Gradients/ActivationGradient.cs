using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>A function of one value in sixteen lanes, with its derivative.</summary>
internal interface IActivationLanes
{
    static abstract Vector512<float> Value(Vector512<float> x);

    static abstract Vector512<float> Slope(Vector512<float> x);
}

/// <summary>Applies a function to every value, and passes a gradient back through it. Each function is compiled into its own loop.</summary>
internal static class ActivationGradient
{
    /// <summary><c>y = f(x)</c>; both [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<TActivation>(ReadOnlySpan<float> x, Span<float> y) where TActivation : IActivationLanes
    {
        ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(x);
        Span<Vector512<float>> yLanes = SixteenLanes.Of(y);
        for (int i = 0; i < yLanes.Length; i++) yLanes[i] = TActivation.Value(xLanes[i]);
        for (int i = yLanes.Length * SixteenLanes.Count; i < y.Length; i++) y[i] = TActivation.Value(Vector512.Create(x[i]))[0];
    }

    /// <summary><c>xGrad = yGrad · f'(x)</c>, or added; all [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TActivation>(ReadOnlySpan<float> x, ReadOnlySpan<float> yGrad, Span<float> xGrad, bool accumulate)
        where TActivation : IActivationLanes
    {
        ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(x), yGradLanes = SixteenLanes.Of(yGrad);
        Span<Vector512<float>> xGradLanes = SixteenLanes.Of(xGrad);
        for (int i = 0; i < xGradLanes.Length; i++)
        {
            Vector512<float> step = yGradLanes[i] * TActivation.Slope(xLanes[i]);
            xGradLanes[i] = accumulate ? xGradLanes[i] + step : step;
        }
        for (int i = xGradLanes.Length * SixteenLanes.Count; i < x.Length; i++)
        {
            float step = yGrad[i] * TActivation.Slope(Vector512.Create(x[i]))[0];
            xGrad[i] = accumulate ? xGrad[i] + step : step;
        }
    }
}
