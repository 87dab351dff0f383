using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>The gate of SwiGLU, <c>y = silu(gate) · up</c> with <c>silu(x) = x · σ(x)</c> (Shazeer 2020, eq. 6), and its gradients.</summary>
internal static class SiluMulGradient
{
    /// <summary><c>y = gate · σ(gate) · up</c>; all [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> y)
    {
        ReadOnlySpan<Vector512<float>> gateLanes = SixteenLanes.Of(gate), upLanes = SixteenLanes.Of(up);
        Span<Vector512<float>> yLanes = SixteenLanes.Of(y);
        for (int i = 0; i < yLanes.Length; i++) yLanes[i] = gateLanes[i] * Sigmoid(gateLanes[i]) * upLanes[i];
        for (int i = yLanes.Length * SixteenLanes.Count; i < y.Length; i++) y[i] = gate[i] * Sigmoid(Vector512.Create(gate[i]))[0] * up[i];
    }

    /// <summary>
    /// <c>gateGrad = yGrad · up · σ · (1 + gate · (1 - σ))</c>, <c>upGrad = yGrad · gate · σ</c>; all [n].
    /// Each gradient is overwritten, or added to where its flag says so.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, ReadOnlySpan<float> yGrad,
        Span<float> gateGrad, bool accumulateGate, Span<float> upGrad, bool accumulateUp)
    {
        ReadOnlySpan<Vector512<float>> gateLanes = SixteenLanes.Of(gate), upLanes = SixteenLanes.Of(up), yGradLanes = SixteenLanes.Of(yGrad);
        Span<Vector512<float>> gateGradLanes = SixteenLanes.Of(gateGrad), upGradLanes = SixteenLanes.Of(upGrad);
        for (int i = 0; i < gateGradLanes.Length; i++)
        {
            (Vector512<float> gateStep, Vector512<float> upStep) = Steps(gateLanes[i], upLanes[i], yGradLanes[i]);
            gateGradLanes[i] = accumulateGate ? gateGradLanes[i] + gateStep : gateStep;
            upGradLanes[i] = accumulateUp ? upGradLanes[i] + upStep : upStep;
        }
        for (int i = gateGradLanes.Length * SixteenLanes.Count; i < gate.Length; i++)
        {
            (Vector512<float> gateStep, Vector512<float> upStep) =
                Steps(Vector512.Create(gate[i]), Vector512.Create(up[i]), Vector512.Create(yGrad[i]));
            gateGrad[i] = accumulateGate ? gateGrad[i] + gateStep[0] : gateStep[0];
            upGrad[i] = accumulateUp ? upGrad[i] + upStep[0] : upStep[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> GateStep, Vector512<float> UpStep) Steps(Vector512<float> gate, Vector512<float> up, Vector512<float> yGrad)
    {
        Vector512<float> one = Vector512<float>.One, sigmoid = Sigmoid(gate), slope = yGrad * sigmoid;
        return (slope * up * Vector512.FusedMultiplyAdd(gate, one - sigmoid, one), slope * gate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + SixteenLanes.Exp(-x));
}
