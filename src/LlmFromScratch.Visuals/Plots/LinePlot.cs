using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>One or several lines over a common horizontal axis of numbers.</summary>
internal sealed class LinePlot(IReadOnlyList<LineSeries> series) : Plot
{
    private const int MostMarkers = 200; // points of one line that get a disc with their exact values; more would hide the line

    public override string Kind => "lines";

    public override string Summary
    {
        get
        {
            (double min, double max) = Range(series.SelectMany(line => line.Y));
            string names = string.Join(", ", series.Select(line => line.Name));
            return $"line chart of {names}; {series.Sum(line => line.Y.Length)} points from {Numbers.Exact(min)} to {Numbers.Exact(max)}";
        }
    }

    public override IReadOnlyList<string> LegendNames => series.Count > 1 ? [.. series.Select(line => line.Name)] : [];

    /// <summary>The plot with one more line.</summary>
    public LinePlot With(LineSeries line) => new([.. series, line]);

    public override (double Min, double Max)? Extent(bool horizontal) => Range(series.SelectMany(line => horizontal ? line.X : line.Y));

    public override void WriteTraces(Utf8JsonWriter json)
    {
        foreach (LineSeries line in series)
        {
            json.WriteStartObject();
            json.WriteString("type", "scatter");
            json.WriteString("mode", line.X.Length == 1 ? "markers" : "lines");
            json.WriteString("name", PlotlyWriter.PlotlyText(line.Name));
            WriteNumbers(json, "x", line.X);
            WriteNumbers(json, "y", line.Y);
            json.WriteEndObject();
        }
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
        if (horizontal) json.WriteBoolean("showgrid", false);
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        AxisScale vertical = Scale(options.YRange, series.SelectMany(line => line.Y), options.LogY, 5, roundEnds: true);
        AxisScale horizontal = Scale(options.XRange, series.SelectMany(line => line.X), options.LogX, 8, roundEnds: false);
        SvgFrame frame = SvgFrame.Create(canvas, options, top, vertical.Ticks.Select(Numbers.Short), belowHeight: 20);
        frame.DrawValueAxis(vertical);
        frame.DrawNumbersBelow(horizontal);
        for (int i = 0; i < series.Count; i++) DrawLine(canvas, frame, horizontal, vertical, i);
    }

    private void DrawLine(SvgCanvas canvas, SvgFrame frame, AxisScale horizontal, AxisScale vertical, int index)
    {
        LineSeries line = series[index];
        bool markers = line.X.Length <= MostMarkers;
        var run = new List<(double X, double Y)>(); // points between two gaps
        for (int i = 0; i <= line.X.Length; i++)
        {
            if (i < line.X.Length && horizontal.Shows(line.X[i]) && vertical.Shows(line.Y[i]))
            {
                run.Add((frame.X(horizontal, line.X[i]), frame.Y(vertical, line.Y[i])));
                continue;
            }
            if (run.Count > 1) canvas.Polyline(run, SvgPaint.Stroke(index));
            run.Clear();
        }
        if (!markers) return;
        double radius = line.X.Length <= 30 ? 3 : 2;
        for (int i = 0; i < line.X.Length; i++)
        {
            if (!horizontal.Shows(line.X[i]) || !vertical.Shows(line.Y[i])) continue;
            canvas.Circle(frame.X(horizontal, line.X[i]), frame.Y(vertical, line.Y[i]), radius, SvgPaint.Fill(index),
                $"{line.Name}: {Numbers.Exact(line.X[i])}, {Numbers.Exact(line.Y[i])}");
        }
    }

    private static AxisScale Scale((double Min, double Max)? range, IEnumerable<double> values, bool log, int wantedTicks, bool roundEnds)
    {
        (double min, double max) = range ?? Range(log ? values.Where(value => value > 0) : values);
        return log ? AxisScale.Logarithmic(min > 0 ? min : 0.1, max, roundEnds) : AxisScale.Linear(min, max, wantedTicks, roundEnds);
    }
}
