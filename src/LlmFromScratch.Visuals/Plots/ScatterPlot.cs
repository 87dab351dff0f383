using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>Points in the plane; a few of them carry their label, all of them say it when the pointer rests on them.</summary>
internal sealed class ScatterPlot(IReadOnlyList<PointSeries> series) : Plot
{
    private const int MostLabels = 60; // more texts would cover the points

    public override string Kind => "points";

    public override string Summary => $"scatter plot{Names(series)}; {series.Sum(points => points.Count)} points";

    public override IReadOnlyList<string> LegendNames => series.Count > 1 ? [.. series.Select(points => points.Name)] : [];

    private bool IsLabelled => series.Sum(points => points.Labels?.Length ?? 0) is > 0 and <= MostLabels;

    /// <summary>The plot with more points.</summary>
    public ScatterPlot With(PointSeries points) => new([.. series, points]);

    public override (double Min, double Max)? Extent(bool horizontal) => Range(series.SelectMany(points => points.Axes[horizontal ? 0 : 1]));

    public override void WriteTraces(Utf8JsonWriter json)
    {
        foreach (PointSeries points in series)
        {
            json.WriteStartObject();
            json.WriteString("type", "scatter");
            json.WriteString("mode", IsLabelled && points.Labels is not null ? "markers+text" : "markers");
            WriteNames(json, points);
            WriteNumbers(json, "x", points.Axes[0]);
            WriteNumbers(json, "y", points.Axes[1]);
            if (IsLabelled) json.WriteString("textposition", "top center");
            json.WriteEndObject();
        }
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        AxisScale horizontal = Scale(0, options.XRange), vertical = Scale(1, options.YRange);
        SvgFrame frame = SvgFrame.Create(canvas, options, top, vertical.Ticks.Select(Numbers.Short), belowHeight: 20);
        frame.DrawValueAxis(vertical);
        frame.DrawNumbersBelow(horizontal);
        for (int s = 0; s < series.Count; s++)
        {
            PointSeries points = series[s];
            for (int i = 0; i < points.Count; i++)
            {
                if (!points.Shows(i)) continue;
                double x = frame.X(horizontal, points.Axes[0][i]), y = frame.Y(vertical, points.Axes[1][i]);
                canvas.Circle(x, y, 4, SvgPaint.Fill(s), points.Describe(i), opacity: 0.8);
                if (IsLabelled && points.Labels is not null) canvas.Text(x, y - 7, points.Labels[i], SvgPaint.Ink, size: 11, anchor: "middle");
            }
        }
    }

    /// <summary>" of a, b" for the series that have a name.</summary>
    internal static string Names(IReadOnlyList<PointSeries> series)
    {
        string names = string.Join(", ", series.Select(points => points.Name).Where(name => name.Length > 0));
        return names.Length == 0 ? "" : " of " + names;
    }

    /// <summary>Writes the name of a trace and the texts of its points.</summary>
    internal static void WriteNames(Utf8JsonWriter json, PointSeries points)
    {
        json.WriteString("name", PlotlyWriter.PlotlyText(points.Name));
        if (points.Labels is null) return;
        json.WriteStartArray("text");
        foreach (string label in points.Labels) json.WriteStringValue(PlotlyWriter.PlotlyText(label));
        json.WriteEndArray();
    }

    private AxisScale Scale(int axis, (double Min, double Max)? range)
    {
        (double min, double max) = range ?? Range(series.SelectMany(points => points.Axes[axis]));
        double room = 0.05 * (max - min); // so that no point sits on the frame
        return AxisScale.Linear(min - room, max + room, 6, roundEnds: true);
    }
}
