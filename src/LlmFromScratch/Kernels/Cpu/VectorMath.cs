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
        TLanes r = Remainder(x, n);
        TLanes sum = TLanes.MultiplyAdd(ExpSeries(r), r * r, r + TLanes.Broadcast(1));
        TLanes half = TLanes.MultiplyAdd(n, TLanes.Broadcast(0.5f), shift); // 2^n in two steps: n reaches -150 and 128, an exponent only -126 and 127
        TLanes otherHalf = n - (half - shift) + shift;
        return sum * TLanes.PowerOfTwo(half) * TLanes.PowerOfTwo(otherHalf);
    }

    /// <summary><c>silu(x) = x / (1 + e^-x)</c>, relative error below 2.5e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Silu<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> =>
        x / (TLanes.Broadcast(1) + Exp(TLanes.Broadcast(0) - x));

    /// <summary>
    /// <c>gelu(x) = x/2 · (1 + tanh z)</c> with <c>z = √(2/π) (x + 0.044715 x³)</c>, as <c>x / (1 + e^-2z)</c>: the same without a tanh. The absolute error is
    /// below 3e-7 · max(1, |x|).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Gelu<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes cube = TLanes.MultiplyAdd(x * x * x, TLanes.Broadcast(0.044715f), x);
        return x / (TLanes.Broadcast(1) + Exp(cube * TLanes.Broadcast(-1.5957691216f))); // 2 √(2/π)
    }

    /// <summary>
    /// <c>tanh x = m / (m + 2)</c> with <c>m = e^2x - 1</c>, relative error below 5e-7. m comes from
    /// <c>2^n (e^r - 1) + (2^n - 1)</c>, so nothing cancels for small x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes shift = TLanes.Broadcast(Shift), one = TLanes.Broadcast(1);
        x = TLanes.Min(TLanes.Max(x + x, TLanes.Broadcast(-20)), TLanes.Broadcast(20)); // tanh 10 rounds to 1
        TLanes shifted = TLanes.MultiplyAdd(x, TLanes.Broadcast(Log2E), shift);
        TLanes r = Remainder(x, shifted - shift), power = TLanes.PowerOfTwo(shifted);
        TLanes m = TLanes.MultiplyAdd(power, TLanes.MultiplyAdd(ExpSeries(r), r * r, r), power - one);
        return m / (m + TLanes.Broadcast(2));
    }

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

    /// <summary><c>Σ (a_i - shift)</c> to the first power or squared, in 16 partial sums as <see cref="Dot"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumShifted<TLanes>(float* a, int count, float shift, bool squared) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* partial = stackalloc float[SumLanes];
        int whole = count / SumLanes * SumLanes;
        for (int lane = 0; lane < SumLanes; lane += TLanes.Count)
        {
            TLanes sum = TLanes.Broadcast(0), one = TLanes.Broadcast(1), shifts = TLanes.Broadcast(shift);
            for (int i = lane; i < whole; i += SumLanes)
            {
                TLanes value = TLanes.Load(a + i) - shifts;
                sum = TLanes.MultiplyAdd(value, squared ? value : one, sum);
            }
            sum.Store(partial + lane);
        }
        for (int i = whole; i < count; i++)
        {
            float value = a[i] - shift;
            partial[i - whole] = MathF.FusedMultiplyAdd(value, squared ? value : 1, partial[i - whole]);
        }
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

    // x - n ln 2, the product exact in its high part
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Remainder<TLanes>(TLanes x, TLanes n) where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2Low), TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2High), x));

    // (e^r - 1 - r) / r² for |r| up to ln(2)/2
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ExpSeries<TLanes>(TLanes r) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sum = TLanes.MultiplyAdd(TLanes.Broadcast(1.9875691500e-4f), r, TLanes.Broadcast(1.3981999507e-3f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(8.3334519073e-3f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(4.1665795894e-2f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.6666665459e-1f));
        return TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(5.0000001201e-1f));
    }
}
