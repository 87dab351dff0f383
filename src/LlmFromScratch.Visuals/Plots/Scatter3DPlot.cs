using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>Points in space. Plotly lets the reader turn them; the drawing shows them from one side, the nearer the larger.</summary>
internal sealed class Scatter3DPlot(IReadOnlyList<PointSeries> series) : Plot
{
    public override string Kind => "points in space";

    public override string Summary => $"3-D scatter plot{ScatterPlot.Names(series)}; {series.Sum(points => points.Count)} points";

    public override IReadOnlyList<string> LegendNames => series.Count > 1 ? [.. series.Select(points => points.Name)] : [];

    public override bool IsScene => true;

    /// <summary>The plot with more points.</summary>
    public Scatter3DPlot With(PointSeries points) => new([.. series, points]);

    public override void WriteTraces(Utf8JsonWriter json)
    {
        foreach (PointSeries points in series)
        {
            json.WriteStartObject();
            json.WriteString("type", "scatter3d");
            json.WriteString("mode", points.Labels is null ? "markers" : "markers+text");
            ScatterPlot.WriteNames(json, points);
            WriteNumbers(json, "x", points.Axes[0]);
            WriteNumbers(json, "y", points.Axes[1]);
            WriteNumbers(json, "z", points.Axes[2]);
            json.WriteStartObject("marker");
            json.WriteNumber("size", 4);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        SpaceView view = new(canvas, options, top, [.. Enumerable.Range(0, 3).Select(axis => Range(series.SelectMany(points => points.Axes[axis])))]);
        view.DrawBox();
        var all = from s in Enumerable.Range(0, series.Count)
                  from i in Enumerable.Range(0, series[s].Count)
                  where series[s].Shows(i)
                  let at = view.Project(series[s].Axes[0][i], series[s].Axes[1][i], series[s].Axes[2][i])
                  orderby at.Depth // the far ones first, so that the near ones cover them
                  select (s, i, at);
        foreach ((int s, int i, (double x, double y, double depth) at) in all)
        {
            canvas.Circle(at.x, at.y, 3 + 2 * at.depth, SvgPaint.Fill(s), series[s].Describe(i), opacity: 0.85);
            if (series[s].Labels is { } labels) canvas.Text(at.x + 6, at.y - 5, labels[i], SvgPaint.Ink, size: 11);
        }
    }
}
