namespace LlmFromScratch.Numerics;

/// <summary>
/// Transcendental functions made only of IEEE 754 additions, multiplications and bit moves, so that every machine computes the same
/// bits. <see cref="Math"/> calls the platform's C library, whose last digits differ between systems. Relative error is below 4e-16
/// where nothing else is said. Vector forms for the kernels stand in Kernels/Cpu.
/// </summary>
public static class PortableMath
{
    internal const double Log2E = 1.44269504088896340736; // 1 / ln 2
    internal const double Ln2High = 6.93147180369123816490e-01; // the leading 33 bits of ln 2: n * Ln2High is exact for |n| < 2^20
    internal const double Ln2Low = 1.90821492927058770002e-10;
    private const double HalfPiPart1 = 1.57079632673412561417e+00; // the leading 33 bits of pi/2, then the next 33, then the rest
    private const double HalfPiPart2 = 6.07710050630396597660e-11;
    private const double HalfPiPart3 = 2.02226624879595063154e-21;
    private const double Sqrt2 = 1.41421356237309504880;

    /// <summary><c>e^x</c>: x = n ln 2 + r with |r| at most ln(2)/2, then 2^n times a Taylor polynomial of r.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return double.NaN;
        if (x > 709.782712893384) return double.PositiveInfinity;
        if (x < -745.2) return 0;
        double n = Math.Round(x * Log2E);
        double r = x - n * Ln2High - n * Ln2Low;
        double sum = 1; // Horner form of 1 + r (1 + r/2 (1 + r/3 (...)))
        for (int k = 14; k >= 1; k--) sum = 1 + sum * r / k;
        return ScaleByPowerOfTwo(sum, (int)n);
    }

    /// <summary>The natural logarithm: <c>ln(2^e m) = e ln 2 + 2 atanh((m - 1) / (m + 1))</c> with m in [√½, √2).</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        int exponent = 0;
        if (x < 2.2250738585072014e-308) // subnormal: bring it into the normal range first
        {
            x *= 18014398509481984.0; // 2^54
            exponent = -54;
        }
        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000); // [1, 2)
        if (m >= Sqrt2)
        {
            m *= 0.5;
            exponent++;
        }
        double f = (m - 1) / (m + 1);
        double square = f * f;
        double series = 0;
        for (int k = 23; k >= 3; k -= 2) series = (series + 1.0 / k) * square;
        return exponent * Ln2High + (2 * f + (2 * f * series + exponent * Ln2Low));
    }

    /// <summary><c>x^y</c> for x &gt; 0 as <c>e^(y ln x)</c>; the relative error grows with |y ln x| and is below 1e-13 for results within 1e±50.</summary>
    public static double Pow(double x, double y) => Exp(y * Log(x));

    /// <summary>The sine of x in radians, |x| at most 10^6; the absolute error is below 4e-16.</summary>
    public static double Sin(double x)
    {
        double r = ReduceToQuarter(x, out int quadrant);
        return (quadrant & 3) switch
        {
            0 => SinKernel(r),
            1 => CosKernel(r),
            2 => -SinKernel(r),
            _ => -CosKernel(r),
        };
    }

    /// <summary>The cosine of x in radians, |x| at most 10^6; the absolute error is below 4e-16.</summary>
    public static double Cos(double x)
    {
        double r = ReduceToQuarter(x, out int quadrant);
        return (quadrant & 3) switch
        {
            0 => CosKernel(r),
            1 => -SinKernel(r),
            2 => -CosKernel(r),
            _ => SinKernel(r),
        };
    }

    /// <summary><c>tanh x = 1 - 2 / (e^2x + 1)</c>; a Taylor polynomial below |x| = 0.1, where the difference would cancel.</summary>
    public static double Tanh(double x)
    {
        double square = x * x;
        if (square < 0.01) return x + x * square * (-1.0 / 3 + square * (2.0 / 15 + square * (-17.0 / 315 + square * (62.0 / 2835
            + square * (-1382.0 / 155925 + square * (21844.0 / 6081075 - square * (929569.0 / 638512875)))))));
        return 1 - 2 / (Exp(2 * x) + 1);
    }

    /// <summary>
    /// <c>erf x = 2/√π · ∫_0^x e^(-t²) dt = 2/√π · e^(-x²) · Σ_n 2^n x^(2n+1) / (1·3·5···(2n+1))</c> (Abramowitz and Stegun 1964, 7.1.6): all terms
    /// have one sign, so nothing cancels. From |x| = 6 on it is 1 in double.
    /// </summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) >= 6) return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 1.12837916709551257390 * Exp(-x * x) * sum; // 2/√π
    }

    // x = quadrant * pi/2 + r with |r| <= pi/4. quadrant * HalfPiPart1 is exact because both factors have few bits.
    private static double ReduceToQuarter(double x, out int quadrant)
    {
        if (!(Math.Abs(x) <= 1e6)) throw new ArgumentOutOfRangeException(nameof(x), x, "PortableMath: sine and cosine need |x| <= 10^6.");
        double n = Math.Round(x * 0.63661977236758134308);
        quadrant = (int)n;
        return x - n * HalfPiPart1 - n * HalfPiPart2 - n * HalfPiPart3;
    }

    private static double SinKernel(double r)
    {
        double square = r * r, sum = 1; // r (1 - r²/(2·3) (1 - r²/(4·5) (...)))
        for (int k = 18; k >= 2; k -= 2) sum = 1 - sum * square / (k * (k + 1));
        return r * sum;
    }

    private static double CosKernel(double r)
    {
        double square = r * r, sum = 1;
        for (int k = 19; k >= 1; k -= 2) sum = 1 - sum * square / (k * (k + 1));
        return sum;
    }

    // 2^n in two steps, so that results below the smallest normal number are reached without the factor itself underflowing.
    private static double ScaleByPowerOfTwo(double value, int n)
    {
        int half = n / 2;
        return value * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    private static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);
}
