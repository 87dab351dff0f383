using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Numerics;

/// <summary>
/// <see cref="PortableMath"/> for many values at once, with the same bits: every lane does the scalar form's additions, multiplications and divisions in the
/// scalar form's order. A softmax over a vocabulary of 128,000 is why: its exponentials would take longer than a decode step of a small model.
/// </summary>
internal static class PortableVectorMath
{
    private const double Widest = 700; // within it, 2^n is a normal number and one multiplication scales exactly
    private const double RoundingShift = 6755399441055744.0; // 1.5 · 2^52: adding it puts a whole number into the low bits
    private const int ChunkSize = 256;

    /// <summary><c>Σ_i e^(values[i] - shift)</c>, summed in the order of the values.</summary>
    public static double SumOfExp(ReadOnlySpan<float> values, double shift)
    {
        Span<double> chunk = stackalloc double[ChunkSize];
        double sum = 0;
        for (; !values.IsEmpty; values = values[Math.Min(ChunkSize, values.Length)..])
        {
            Span<double> part = chunk[..Math.Min(ChunkSize, values.Length)];
            for (int i = 0; i < part.Length; i++) part[i] = values[i] - shift;
            Exp(part);
            foreach (double exponential in part) sum += exponential;
        }
        return sum;
    }

    /// <summary><c>x ← e^x</c> for each value.</summary>
    public static void Exp(Span<double> x)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            // Four registers of four lanes: while the divisions of one are under way, the others go on.
            for (; i <= x.Length - 16; i += 16)
            {
                Span<double> sixteen = x.Slice(i, 16);
                Vector256<double> a = Vector256.Create<double>(sixteen), b = Vector256.Create<double>(sixteen[4..]);
                Vector256<double> c = Vector256.Create<double>(sixteen[8..]), d = Vector256.Create<double>(sixteen[12..]);
                Vector256<double> largest = Vector256.Max(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
                if (Vector256.LessThanAll(largest, Vector256.Create(Widest))) Exp16(a, b, c, d, sixteen);
                else foreach (ref double value in sixteen) value = PortableMath.Exp(value);
            }
        }
        for (; i < x.Length; i++) x[i] = PortableMath.Exp(x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exp16(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d, Span<double> result)
    {
        Vector256<double> na = Vector256.Round(a * PortableMath.Log2E), nb = Vector256.Round(b * PortableMath.Log2E);
        Vector256<double> nc = Vector256.Round(c * PortableMath.Log2E), nd = Vector256.Round(d * PortableMath.Log2E);
        a = a - na * PortableMath.Ln2High - na * PortableMath.Ln2Low;
        b = b - nb * PortableMath.Ln2High - nb * PortableMath.Ln2Low;
        c = c - nc * PortableMath.Ln2High - nc * PortableMath.Ln2Low;
        d = d - nd * PortableMath.Ln2High - nd * PortableMath.Ln2Low;
        Vector256<double> one = Vector256.Create(1.0), sumA = one, sumB = one, sumC = one, sumD = one;
        for (int k = 14; k >= 1; k--)
        {
            Vector256<double> divisor = Vector256.Create((double)k);
            sumA = one + sumA * a / divisor;
            sumB = one + sumB * b / divisor;
            sumC = one + sumC * c / divisor;
            sumD = one + sumD * d / divisor;
        }
        (sumA * PowerOfTwo(na)).CopyTo(result);
        (sumB * PowerOfTwo(nb)).CopyTo(result[4..]);
        (sumC * PowerOfTwo(nc)).CopyTo(result[8..]);
        (sumD * PowerOfTwo(nd)).CopyTo(result[12..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOfTwo(Vector256<double> n) =>
        (((n + Vector256.Create(RoundingShift)).AsInt64() << 52) + Vector256.Create(1023L << 52)).AsDouble(); // the shift's own bits leave at the top
}
