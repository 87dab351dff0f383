using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>Heights over a grid: a loss over two weights. The drawing shows the grid's lines from one side.</summary>
internal sealed class SurfacePlot : Plot
{
    private readonly double[] _x, _y, _z; // [columns], [rows], [rows, columns]

    private SurfacePlot(double[] x, double[] y, double[] z) => (_x, _y, _z) = (x, y, z);

    public override string Kind => "a surface";

    public override string Summary
    {
        get
        {
            (double min, double max) = Range(_z);
            return $"surface over {_x.Length} by {_y.Length} places, heights from {Numbers.Exact(min)} to {Numbers.Exact(max)}";
        }
    }

    public override IReadOnlyList<string> LegendNames => [];

    public override bool IsScene => true;

    public static SurfacePlot Create(double[] x, double[] y, double[] z)
    {
        if (x.Length < 2 || y.Length < 2 || z.Length != x.Length * y.Length) throw new ArgumentException(
            $"Surface: {x.Length} places along x and {y.Length} along y need {x.Length * y.Length} heights, at least 2 by 2; got {z.Length}. Heights are row-major: one y after the other.", nameof(z));
        return new SurfacePlot(x, y, z);
    }

    public override void WriteTraces(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "surface");
        WriteNumbers(json, "x", _x);
        WriteNumbers(json, "y", _y);
        json.WriteStartArray("z");
        for (int row = 0; row < _y.Length; row++)
        {
            json.WriteStartArray();
            for (int column = 0; column < _x.Length; column++) WriteNumber(json, _z[row * _x.Length + column]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteString("colorscale", "Viridis"); // rises evenly in brightness, also for readers with colour blindness
        json.WriteEndObject();
    }

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal)
    {
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        SpaceView view = new(canvas, options, top, [Range(_x), Range(_y), Range(_z)]);
        view.DrawBox();
        for (int row = 0; row < _y.Length; row++) DrawLine(canvas, view, Enumerable.Range(0, _x.Length).Select(column => (row, column)));
        for (int column = 0; column < _x.Length; column++) DrawLine(canvas, view, Enumerable.Range(0, _y.Length).Select(row => (row, column)));
    }

    private void DrawLine(SvgCanvas canvas, SpaceView view, IEnumerable<(int Row, int Column)> places)
    {
        var run = new List<(double X, double Y)>();
        foreach ((int row, int column) in places)
        {
            double height = _z[row * _x.Length + column];
            if (!double.IsFinite(height)) continue;
            (double x, double y, _) = view.Project(_x[column], _y[row], height);
            run.Add((x, y));
        }
        if (run.Count > 1) canvas.Polyline(run, SvgPaint.Stroke(0), width: 1);
    }
}
