using System.Globalization;
using System.Text;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Worlds;

/// <summary>
/// Sums and differences of numbers up to 999, with or without the steps that a pupil writes down. One pair of numbers in ten is held out: it is in no training
/// problem, and in every other split there are only such pairs.
/// </summary>
/// <param name="seed">The same seed gives the same problems.</param>
/// <param name="split">Training, or any other for held-out pairs.</param>
/// <param name="scratchpad">Whether the steps are written.</param>
public sealed class Arithmetic(ulong seed, TaleSplit split, bool scratchpad)
{
    private readonly SeededRandom _random = new(seed);

    /// <summary>The next problem: <c>47 + 85 = 132</c>, or with its steps <c>47 + 85: 7 + 5 = 12, 4 + 8 + 1 = 13. 47 + 85 = 132</c>.</summary>
    public string Next()
    {
        while (true)
        {
            int digits = 1 + _random.NextInt(3), limit = digits == 1 ? 10 : digits == 2 ? 100 : 1000;
            (int a, int b, bool plus) = (_random.NextInt(limit), _random.NextInt(limit), _random.NextInt(2) == 0);
            if (!plus && a < b) (a, b) = (b, a);
            bool heldOut = (a * 31 + b * 17 + (plus ? 0 : 5)) % 10 == 0;
            if (heldOut == (split != TaleSplit.Training)) return Problem(a, b, plus, scratchpad);
        }
    }

    /// <summary>One problem and its result.</summary>
    internal static string Problem(int a, int b, bool plus, bool steps)
    {
        char sign = plus ? '+' : '-';
        string result = string.Create(CultureInfo.InvariantCulture, $"{a} {sign} {b} = {(plus ? a + b : a - b)}");
        return steps ? string.Create(CultureInfo.InvariantCulture, $"{a} {sign} {b}: {Steps(a, b, plus)}. {result}") : result;
    }

    /// <summary>Digit by digit from the right. A sum carries a 1 to the next digits; a difference borrows one: then the upper digit counts ten more.</summary>
    private static string Steps(int a, int b, bool plus)
    {
        StringBuilder steps = new();
        for (int carry = 0; a > 0 || b > 0 || steps.Length == 0; a /= 10, b /= 10)
        {
            (int upper, int lower, string extra) = (a % 10, b % 10, carry == 0 ? "" : plus ? " + 1" : " - 1");
            int value = plus ? upper + lower + carry : upper - lower - carry;
            bool borrows = value < 0;
            if (borrows) (upper, value) = (upper + 10, value + 10);
            steps.Append(CultureInfo.InvariantCulture, $"{(steps.Length > 0 ? ", " : "")}{upper} {(plus ? '+' : '-')} {lower}{extra} = {value}");
            carry = plus ? value / 10 : borrows ? 1 : 0;
        }
        return steps.ToString();
    }
}
