using System.Globalization;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Visuals.Rendering;

/// <summary>Numbers as text, always with the invariant culture.</summary>
internal static class Numbers
{
    /// <summary>The shortest decimal that reads back to the same double.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>At most four significant digits, for labels: 0.1235, 1235, 1.2e6.</summary>
    public static string Short(double value)
    {
        double magnitude = Math.Abs(value);
        if (value == 0 || !double.IsFinite(value)) return value == 0 ? "0" : Exact(value);
        if (magnitude is >= 1e6 or < 1e-4) return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        int decimals = magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 0.1 ? 3 : magnitude >= 0.01 ? 4 : magnitude >= 0.001 ? 5 : 6;
        return Math.Round(value, decimals).ToString("0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>A length or position in pixels with at most two decimals; never "-0".</summary>
    public static string Pixel(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The logarithm to base ten, the same bits on every machine.</summary>
    public static double Log10(double value) => PortableMath.Log(value) / PortableMath.Log(10);

    /// <summary><c>10^exponent</c>; exact for 0 to 22, correctly rounded from there down to −22.</summary>
    public static double PowerOfTen(int exponent)
    {
        double power = 1;
        for (int i = 0; i < Math.Abs(exponent); i++) power *= 10;
        return exponent < 0 ? 1 / power : power;
    }
}
