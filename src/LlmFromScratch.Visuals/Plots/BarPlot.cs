using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>Bars over labels; several series stand side by side at each label.</summary>
internal sealed class BarPlot(IReadOnlyList<string> labels, IReadOnlyList<BarSeries> series) : Plot
{
    public override string Kind => "bars";

    public override string Summary
    {
        get
        {
            (double min, double max) = Range(series.SelectMany(bars => bars.Values));
            string names = string.Join(", ", series.Select(bars => bars.Name).Where(name => name.Length > 0));
            return $"bar chart{(names.Length > 0 ? " of " + names : "")}; {labels.Count} labels, values from {Numbers.Exact(min)} to {Numbers.Exact(max)}";
        }
    }

    public override IReadOnlyList<string> LegendNames => series.Count > 1 ? [.. series.Select(bars => bars.Name)] : [];

    public int LabelCount => labels.Count;

    /// <summary>The plot with one more bar at each label.</summary>
    public BarPlot With(BarSeries bars) => new(labels, [.. series, bars]);

    public override (double Min, double Max)? Extent(bool horizontal) => horizontal ? null : Range(series.SelectMany(bars => bars.Values).Append(0));

    public override void WriteTraces(Utf8JsonWriter json)
    {
        foreach (BarSeries bars in series)
        {
            json.WriteStartObject();
            json.WriteString("type", "bar");
            json.WriteString("name", PlotlyWriter.PlotlyText(bars.Name));
            WriteNumbers(json, "x", Enumerable.Range(0, labels.Count).Select(i => (double)i));
            WriteNumbers(json, "y", bars.Values);
            json.WriteEndObject();
        }
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
        if (horizontal) WriteLabels(json, labels);
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        AxisScale vertical = Scale(options.LogY, options.YRange);
        IEnumerable<string> ticks = vertical.Ticks.Select(Numbers.Short);
        SvgFrame frame = SvgFrame.Create(canvas, options, top, ticks, SvgFrame.LabelsBelowHeight(labels, canvas.Width - 80));
        frame.DrawValueAxis(vertical);
        frame.DrawLabelsBelow(labels);

        double zero = options.LogY ? frame.Bottom : frame.Y(vertical, 0);
        double column = frame.Width / labels.Count;
        double bar = Math.Min(48, column * 0.72 / series.Count);
        for (int i = 0; i < labels.Count; i++)
        {
            double x = frame.Left + (i + 0.5) * column - bar * series.Count / 2;
            for (int s = 0; s < series.Count; s++, x += bar)
            {
                double value = series[s].Values[i];
                if (vertical.Shows(value)) DrawBar(canvas, x, bar, frame.Y(vertical, value), zero, value, labels[i], s);
            }
        }
        canvas.Line(frame.Left, zero, frame.Right, zero, SvgPaint.Axis);
    }

    private void DrawBar(SvgCanvas canvas, double x, double width, double y, double zero, double value, string label, int index)
    {
        double gap = series.Count > 1 ? 1 : 0;
        string name = series[index].Name.Length > 0 ? $"{label}, {series[index].Name}" : label;
        canvas.Rect(x + gap, Math.Min(y, zero), width - 2 * gap, Math.Abs(zero - y), SvgPaint.Fill(index), Math.Min(2, Math.Abs(zero - y)),
            hover: $"{name}: {Numbers.Exact(value)}");
        string text = Numbers.Short(value);
        if (SvgCanvas.TextWidth(text, 11) > width + 8) return; // no room: the exact value is in the hover text
        canvas.Text(x + width / 2, value < 0 ? y + 13 : y - 5, text, SvgPaint.Ink, size: 11, anchor: "middle");
    }

    private AxisScale Scale(bool log, (double Min, double Max)? range)
    {
        IEnumerable<double> values = series.SelectMany(bars => bars.Values);
        (double min, double max) = range ?? Range(log ? values.Where(value => value > 0) : values.Append(0)); // a bar is a length: zero is always on its axis
        if (log) return AxisScale.Logarithmic((min > 0 ? min : 0.1) / 1.5, max, roundEnds: true); // 1.5: the smallest bar keeps a visible length
        double room = 0.06 * (max - min); // for the value that stands at a bar's end
        return AxisScale.Linear(min < 0 ? min - room : min, max > 0 ? max + room : max, 5, roundEnds: true);
    }
}
