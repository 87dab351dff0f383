using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// Sixteen lanes at a time for the gradient kernels. A machine without AVX-512 runs the same sixteen lanes as two or four smaller
/// registers, so sums have one order everywhere.
/// </summary>
internal static class SixteenLanes
{
    public const int Count = 16;

    /// <summary>The whole vectors of a row; the last <c>length mod 16</c> values are the caller's tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<Vector512<float>> Of(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector512<float>>(values);

    /// <inheritdoc cref="Of(ReadOnlySpan{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<Vector512<float>> Of(Span<float> values) => MemoryMarshal.Cast<float, Vector512<float>>(values);

    /// <summary>The sum of the lanes, halved four times: lane i + lane i+8, then i+4, i+2, i+1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> lanes)
    {
        Vector256<float> eight = Vector256.Max(lanes.GetLower(), lanes.GetUpper());
        Vector128<float> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
    }

    /// <summary><c>e^x</c> in each lane: the bits of <see cref="VectorMath"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x) => VectorMath.Exp(new Lanes512(x)).Values;

    /// <summary>
    /// <c>tanh x = 1 - 2 / (e^2x + 1)</c> in each lane, relative error below 5e-7; a Taylor polynomial below |x| = 0.3, where the difference would cancel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> one = Vector512<float>.One, square = x * x;
        Vector512<float> far = one - Vector512.Create(2f) / (Exp(x + x) + one);
        Vector512<float> series = Vector512.FusedMultiplyAdd(square, Vector512.Create(-1382f / 155925), Vector512.Create(62f / 2835));
        series = Vector512.FusedMultiplyAdd(square, series, Vector512.Create(-17f / 315));
        series = Vector512.FusedMultiplyAdd(square, series, Vector512.Create(2f / 15));
        series = Vector512.FusedMultiplyAdd(square, series, Vector512.Create(-1f / 3));
        Vector512<float> near = Vector512.FusedMultiplyAdd(x * square, series, x);
        return Vector512.ConditionalSelect(Vector512.LessThan(square, Vector512.Create(0.09f)), near, far);
    }

    /// <summary>
    /// <c>erfc x = 2/√π · ∫_x^∞ e^(-t²) dt</c> in each lane, relative error below 1e-6: <c>t · e^(-x² + P(t))</c> with <c>t = 1 / (1 + |x|/2)</c> and
    /// a Chebyshev fit P (Press et al., Numerical Recipes, section 6.2), mirrored for x below 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erfc(Vector512<float> x)
    {
        Vector512<float> one = Vector512<float>.One, magnitude = Vector512.Abs(x), t = one / Vector512.FusedMultiplyAdd(magnitude, Vector512.Create(0.5f), one);
        Vector512<float> fit = Vector512.FusedMultiplyAdd(t, Vector512.Create(0.17087277f), Vector512.Create(-0.82215223f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(1.48851587f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(-1.13520398f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(0.27886807f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(-0.18628806f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(0.09678418f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(0.37409196f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(1.00002368f));
        fit = Vector512.FusedMultiplyAdd(t, fit, Vector512.Create(-1.26551223f));
        Vector512<float> tail = t * Exp(fit - magnitude * magnitude);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), Vector512.Create(2f) - tail, tail);
    }
}
