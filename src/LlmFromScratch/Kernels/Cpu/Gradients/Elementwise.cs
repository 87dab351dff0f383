using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>Sums, products and factors of arrays, sixteen values at a time.</summary>
internal static class Elementwise
{
    /// <summary>Values of a piece of work for one thread: 32 KiB of each array.</summary>
    public const int PieceSize = 8192;

    /// <summary><c>sum = a + b</c>; all [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sum)
    {
        ReadOnlySpan<Vector512<float>> aLanes = SixteenLanes.Of(a), bLanes = SixteenLanes.Of(b);
        Span<Vector512<float>> sumLanes = SixteenLanes.Of(sum);
        for (int i = 0; i < sumLanes.Length; i++) sumLanes[i] = aLanes[i] + bLanes[i];
        for (int i = sumLanes.Length * SixteenLanes.Count; i < sum.Length; i++) sum[i] = a[i] + b[i];
    }

    /// <summary><c>sum += a</c>; both [n].</summary>
    public static void AddTo(ReadOnlySpan<float> a, Span<float> sum) => Add(a, sum, sum);

    /// <summary><c>y = x</c>, or <c>y += x</c>; both [n].</summary>
    public static void Store(ReadOnlySpan<float> x, Span<float> y, bool accumulate)
    {
        if (accumulate) AddTo(x, y);
        else x.CopyTo(y);
    }

    /// <summary><c>y = a · b</c>, or <c>y += a · b</c>; all [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, bool accumulate)
    {
        ReadOnlySpan<Vector512<float>> aLanes = SixteenLanes.Of(a), bLanes = SixteenLanes.Of(b);
        Span<Vector512<float>> yLanes = SixteenLanes.Of(y);
        for (int i = 0; i < yLanes.Length; i++) yLanes[i] = accumulate ? yLanes[i] + aLanes[i] * bLanes[i] : aLanes[i] * bLanes[i];
        for (int i = yLanes.Length * SixteenLanes.Count; i < y.Length; i++) y[i] = accumulate ? y[i] + a[i] * b[i] : a[i] * b[i];
    }

    /// <summary><c>y += factor · x</c>; both [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float factor, ReadOnlySpan<float> x, Span<float> y)
    {
        ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(x);
        Span<Vector512<float>> yLanes = SixteenLanes.Of(y);
        for (int i = 0; i < yLanes.Length; i++) yLanes[i] += xLanes[i] * factor;
        for (int i = yLanes.Length * SixteenLanes.Count; i < y.Length; i++) y[i] += x[i] * factor;
    }

    /// <summary><c>y = factor · x</c>; both [n], y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float factor, ReadOnlySpan<float> x, Span<float> y)
    {
        ReadOnlySpan<Vector512<float>> xLanes = SixteenLanes.Of(x);
        Span<Vector512<float>> yLanes = SixteenLanes.Of(y);
        for (int i = 0; i < yLanes.Length; i++) yLanes[i] = xLanes[i] * factor;
        for (int i = yLanes.Length * SixteenLanes.Count; i < y.Length; i++) y[i] = x[i] * factor;
    }

    /// <summary><c>Σ a · b</c> in sixteen chains, then <see cref="SixteenLanes.Sum"/>, then the tail; both [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector512<float>> aLanes = SixteenLanes.Of(a), bLanes = SixteenLanes.Of(b);
        Vector512<float> sums = default; // lane l sums the values l, l + 16, l + 32 ...
        for (int i = 0; i < aLanes.Length; i++) sums = Vector512.FusedMultiplyAdd(aLanes[i], bLanes[i], sums);
        float sum = SixteenLanes.Sum(sums);
        for (int i = aLanes.Length * SixteenLanes.Count; i < a.Length; i++) sum = MathF.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary><c>Σ a</c> in sixteen chains, then <see cref="SixteenLanes.Sum"/>, then the tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(ReadOnlySpan<float> a)
    {
        ReadOnlySpan<Vector512<float>> lanes = SixteenLanes.Of(a);
        Vector512<float> sums = default;
        for (int i = 0; i < lanes.Length; i++) sums += lanes[i];
        float sum = SixteenLanes.Sum(sums);
        for (int i = lanes.Length * SixteenLanes.Count; i < a.Length; i++) sum += a[i];
        return sum;
    }

    /// <summary><c>Σ a²</c> in double: eight sums of every eighth square, then those in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> a)
    {
        Vector512<double> sums = default; // lane l sums the squares of the values l, l + 8, l + 16 ...
        int i = 0;
        for (; i <= a.Length - SixteenLanes.Count; i += SixteenLanes.Count)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Create(a.Slice(i, SixteenLanes.Count)));
            sums += low * low;
            sums += high * high;
        }
        double sum = 0;
        for (int lane = 0; lane < 8; lane++) sum += sums[lane];
        for (; i < a.Length; i++) sum += (double)a[i] * a[i];
        return sum;
    }
}
