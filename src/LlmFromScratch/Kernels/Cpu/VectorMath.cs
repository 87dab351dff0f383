using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// Float functions over lanes: only multiplications, additions, fused multiply-adds and bit moves, so every width and every machine gives the same bits.
/// The double forms stand in Numerics/PortableMath.
/// </summary>
internal static unsafe class VectorMath
{
    /// <summary>The lanes of every fixed-order sum: value i belongs to partial sum i mod 16, whatever the width of a register.</summary>
    public const int SumLanes = 16;

    private const float Shift = 12582912; // 1.5 · 2^23: adding it rounds to a whole number, which then stands in the low bits
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f; // 355/512: n · Ln2High is exact for the n that occur
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>
    /// <c>e^x</c>, relative error below 1.2e-7 for normal results; 0 from x = -104 down, infinity from 89 up, NaN stays. x = n ln 2 + r, then <c>2^n</c>
    /// times a polynomial of r (coefficients: Moshier's Cephes, expf).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes shift = TLanes.Broadcast(Shift);
        x = TLanes.Min(TLanes.Max(x, TLanes.Broadcast(-104)), TLanes.Broadcast(89));
        TLanes n = TLanes.MultiplyAdd(x, TLanes.Broadcast(Log2E), shift) - shift;
        TLanes r = TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2Low), r);
        TLanes sum = TLanes.MultiplyAdd(TLanes.Broadcast(1.9875691500e-4f), r, TLanes.Broadcast(1.3981999507e-3f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(8.3334519073e-3f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(4.1665795894e-2f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.6666665459e-1f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(5.0000001201e-1f));
        sum = TLanes.MultiplyAdd(sum, r * r, r + TLanes.Broadcast(1));
        TLanes half = TLanes.MultiplyAdd(n, TLanes.Broadcast(0.5f), shift); // 2^n in two steps: n reaches -150 and 128, an exponent only -126 and 127
        TLanes otherHalf = n - (half - shift) + shift;
        return sum * TLanes.PowerOfTwo(half) * TLanes.PowerOfTwo(otherHalf);
    }

    /// <summary><c>silu(x) = x / (1 + e^-x)</c>, relative error below 2.5e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Silu<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> =>
        x / (TLanes.Broadcast(1) + Exp(TLanes.Broadcast(0) - x));

    /// <summary><c>Σ a_i b_i</c> in 16 partial sums, one chain each, then <see cref="SumOfLanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot<TLanes>(float* a, float* b, int count) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* partial = stackalloc float[SumLanes];
        int whole = count / SumLanes * SumLanes;
        for (int lane = 0; lane < SumLanes; lane += TLanes.Count)
        {
            TLanes sum = TLanes.Broadcast(0);
            for (int i = lane; i < whole; i += SumLanes) sum = TLanes.MultiplyAdd(TLanes.Load(a + i), TLanes.Load(b + i), sum);
            sum.Store(partial + lane);
        }
        for (int i = whole; i < count; i++) partial[i - whole] = MathF.FusedMultiplyAdd(a[i], b[i], partial[i - whole]);
        return SumOfLanes(partial);
    }

    /// <summary>Adds 16 partial sums as a fixed tree: i with i + 8, then + 4, + 2, + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfLanes(float* partial)
    {
        Vector128<float> four = Vector128.Load(partial) + Vector128.Load(partial + 8) + (Vector128.Load(partial + 4) + Vector128.Load(partial + 12));
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)); // lane 0 + 2, lane 1 + 3
        return two[0] + two[1];
    }
}
