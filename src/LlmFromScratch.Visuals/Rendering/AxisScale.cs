namespace LlmFromScratch.Visuals.Rendering;

/// <summary>Maps values to positions from 0 to 1 along an axis and says where its ticks stand: at 1, 2 or 5 times a power of ten.</summary>
internal sealed class AxisScale
{
    private readonly double _low, _high;
    private readonly bool _log;

    private AxisScale(double low, double high, bool log, double[] ticks) => (_low, _high, _log, Ticks) = (low, high, log, ticks);

    /// <summary>The values that get a label, rising.</summary>
    public double[] Ticks { get; }

    /// <summary>The smallest value on the axis: the foot of a bar on a logarithmic axis.</summary>
    public double Low => _low;

    /// <summary>Whether the axis can show the value: a number, and above zero on a logarithmic axis.</summary>
    public bool Shows(double value) => double.IsFinite(value) && (!_log || value > 0);

    /// <summary>0 at the low end, 1 at the high end.</summary>
    public double Position(double value) => _log
        ? (Numbers.Log10(value) - Numbers.Log10(_low)) / (Numbers.Log10(_high) - Numbers.Log10(_low))
        : (value - _low) / (_high - _low);

    /// <summary>An axis over [min, max] with about <paramref name="wantedTicks"/> ticks; with <paramref name="roundEnds"/> it ends on ticks.</summary>
    public static AxisScale Linear(double min, double max, int wantedTicks, bool roundEnds)
    {
        if (min == max) (min, max) = min == 0 ? (-0.5, 0.5) : (min - Math.Abs(min) / 2, max + Math.Abs(max) / 2);
        (int mantissa, int exponent) = NiceStep((max - min) / wantedTicks);
        double TickAt(double i) => exponent < 0
            ? i * mantissa / Numbers.PowerOfTen(-exponent) // one rounding: the tick is the decimal that its label says
            : i * mantissa * Numbers.PowerOfTen(exponent);

        double step = TickAt(1);
        double first = Math.Floor(min / step), last = Math.Ceiling(max / step);
        var ticks = new List<double>();
        for (double i = first; i <= last; i++)
        {
            if (roundEnds || (TickAt(i) >= min && TickAt(i) <= max)) ticks.Add(TickAt(i));
        }
        return roundEnds ? new(TickAt(first), TickAt(last), log: false, [.. ticks]) : new(min, max, log: false, [.. ticks]);
    }

    /// <summary>A logarithmic axis over [min, max], both above zero. Fewer than two decades get ticks at 1, 2 and 5; more, at whole decades.</summary>
    public static AxisScale Logarithmic(double min, double max, bool roundEnds)
    {
        if (min == max) (min, max) = (min / 2, max * 2);
        int low = (int)Math.Floor(Numbers.Log10(min) - 1e-9), high = (int)Math.Ceiling(Numbers.Log10(max) + 1e-9); // 1e-9: a power of ten may round to either side
        int[] mantissas = max / min < 100 ? [1, 2, 5] : [1];
        int every = Math.Max(1, (high - low + 7) / 8); // at most nine labels
        double[] candidates = [.. from exponent in Enumerable.Range(low, high - low + 1)
                                  where (exponent - low) % every == 0
                                  from mantissa in mantissas
                                  select mantissa * Numbers.PowerOfTen(exponent)];
        if (!roundEnds) return new(min, max, log: true, [.. candidates.Where(tick => tick >= min && tick <= max)]);
        double bottom = candidates.Where(tick => tick <= min).DefaultIfEmpty(min).Max();
        double top = candidates.Where(tick => tick >= max).DefaultIfEmpty(max).Min();
        return new(bottom, top, log: true, [.. candidates.Where(tick => tick >= bottom && tick <= top)]);
    }

    /// <summary>The smallest of 1, 2, 5 times a power of ten that is at least <paramref name="rough"/>.</summary>
    private static (int Mantissa, int Exponent) NiceStep(double rough)
    {
        int exponent = (int)Math.Floor(Numbers.Log10(rough));
        double fraction = rough / Numbers.PowerOfTen(exponent);
        const double slack = 1 + 1e-9; // 1e-9: 0.1 / 0.1 may come out a rounding error above 1
        return fraction <= 1 * slack ? (1, exponent) : fraction <= 2 * slack ? (2, exponent) : fraction <= 5 * slack ? (5, exponent) : (1, exponent + 1);
    }
}
