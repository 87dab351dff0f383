using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>How many values fall into each of equally wide intervals. The last interval holds its upper end too.</summary>
internal sealed class HistogramPlot : Plot
{
    private readonly double _low, _width; // where the first interval begins, and how wide each is
    private readonly int[] _counts; // [bins]
    private readonly string _name;
    private readonly int _left; // values that are not finite

    private HistogramPlot(string name, double low, double width, int[] counts, int left) => (_name, _low, _width, _counts, _left) = (name, low, width, counts, left);

    public override string Kind => "a histogram";

    public override string Summary => $"histogram{(_name.Length > 0 ? " of " + _name : "")}; {_counts.Sum()} values in {_counts.Length} intervals from "
        + $"{Numbers.Short(_low)} to {Numbers.Short(End(_counts.Length - 1))}{(_left > 0 ? $", {_left} not finite left out" : "")}";

    public override IReadOnlyList<string> LegendNames => [];

    /// <summary>Counts <paramref name="values"/> in <paramref name="bins"/> intervals from the smallest to the largest.</summary>
    public static HistogramPlot Create(string name, double[] values, int bins)
    {
        if (values.Length == 0) throw new ArgumentException($"Histogram \"{name}\": expected at least one value, got none.", nameof(values));
        if (bins is < 1 or > 1000) throw new ArgumentOutOfRangeException(nameof(bins), $"Histogram \"{name}\": expected 1 to 1000 intervals, got {bins}.");
        (double low, double high) = Range(values);
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        double width = (high - low) / bins;
        int[] counts = new int[bins];
        int left = 0;
        foreach (double value in values)
        {
            if (double.IsFinite(value)) counts[Math.Clamp((int)((value - low) / width), 0, bins - 1)]++;
            else left++;
        }
        return new HistogramPlot(name, low, width, counts, left);
    }

    public override void WriteTraces(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "bar"); // counted here, so that both forms show the same intervals
        json.WriteString("name", PlotlyWriter.PlotlyText(_name));
        WriteNumbers(json, "x", Enumerable.Range(0, _counts.Length).Select(i => (Start(i) + End(i)) / 2));
        WriteNumbers(json, "y", _counts.Select(count => (double)count));
        json.WriteNumber("width", _width);
        json.WriteEndObject();
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        int most = _counts.Max();
        AxisScale vertical = options.LogY ? AxisScale.Logarithmic(0.7, most, roundEnds: true) : AxisScale.Linear(0, most, 5, roundEnds: true); // 0.7: one value keeps a visible bar
        AxisScale horizontal = AxisScale.Linear(_low, End(_counts.Length - 1), 8, roundEnds: false);
        SvgFrame frame = SvgFrame.Create(canvas, options, top, vertical.Ticks.Select(Numbers.Short), belowHeight: 20);
        frame.DrawValueAxis(vertical);
        for (int i = 0; i < _counts.Length; i++)
        {
            if (!vertical.Shows(_counts[i])) continue;
            double x = frame.X(horizontal, Start(i)), y = frame.Y(vertical, _counts[i]);
            canvas.Rect(x, y, Math.Max(0.5, frame.X(horizontal, End(i)) - x - 0.5), frame.Bottom - y, SvgPaint.Fill(0),
                hover: $"{Numbers.Short(Start(i))} to {Numbers.Short(End(i))}: {_counts[i]}");
        }
        frame.DrawNumbersBelow(horizontal);
    }

    private double Start(int bin) => _low + bin * _width;

    private double End(int bin) => _low + (bin + 1) * _width;
}
