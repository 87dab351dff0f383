using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    /// <summary>
    /// <c>e^x</c> in each lane: x = n ln 2 + r with |r| at most ln(2)/2, then 2^n times the Taylor polynomial of degree 7; relative error
    /// below 2e-7. Below -87.3 the result is 0 (no subnormals), above 88.3 it is infinity; NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> n = Vector512.Round(x * 1.44269504f);
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x); // nine bits: n times it is exact
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        Vector512<float> sum = Vector512.Create(1f / 5040);
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 720));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 120));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 24));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 6));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(0.5f));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512<float>.One);
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512<float>.One);
        Vector512<int> exponent = Vector512.ConvertToInt32(n) + Vector512.Create(127);
        Vector512<float> result = sum * Vector512.ShiftLeft(exponent, 23).AsSingle();
        result = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87.3f)), Vector512<float>.Zero, result);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(88.3f)), Vector512.Create(float.PositiveInfinity), result);
    }
}
