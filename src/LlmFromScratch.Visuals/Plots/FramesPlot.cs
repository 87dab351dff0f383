using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Plots;

/// <summary>
/// The same chart at several moments: Plotly shows one at a time under a slider, with a button that plays them; the drawing shows up to
/// six of them side by side.
/// </summary>
internal sealed class FramesPlot : Plot
{
    private const int MostDrawn = 6;

    private readonly (string Label, Plot Plot)[] _frames;

    private FramesPlot((string Label, Plot Plot)[] frames) => _frames = frames;

    public override string Kind => "frames";

    public override string Summary => $"{_frames.Length} frames from {_frames[0].Label} to {_frames[^1].Label}; the last: {_frames[^1].Plot.Summary}";

    public override IReadOnlyList<string> LegendNames => _frames[0].Plot.LegendNames;

    public override bool IsScene => _frames[0].Plot.IsScene;

    public override bool HasAxes => _frames[0].Plot.HasAxes;

    /// <summary>The moments in order; all of one kind.</summary>
    public static FramesPlot Create((string Label, Plot Plot)[] frames)
    {
        if (frames.Length < 2) throw new ArgumentException($"Frames: expected at least 2 figures, got {frames.Length}.", nameof(frames));
        foreach ((string label, Plot plot) in frames)
            if (plot.GetType() != frames[0].Plot.GetType() || plot is FramesPlot) throw new ArgumentException(
                $"Frames: frame \"{label}\" holds {plot.Kind}, the first holds {frames[0].Plot.Kind}; expected figures of one kind.", nameof(frames));
        return new FramesPlot(frames);
    }

    /// <summary>Over all frames, so that what moves is the values and not the axis.</summary>
    public override (double Min, double Max)? Extent(bool horizontal)
    {
        (double Min, double Max)? all = null;
        foreach ((_, Plot plot) in _frames)
            if (plot.Extent(horizontal) is (double min, double max)) all = all is (double low, double high) ? (Math.Min(low, min), Math.Max(high, max)) : (min, max);
        return all;
    }

    public override void WriteTraces(Utf8JsonWriter json) => _frames[0].Plot.WriteTraces(json);

    public override void WriteAxis(Utf8JsonWriter json, bool horizontal) => _frames[0].Plot.WriteAxis(json, horizontal);

    public override void WriteLayout(Utf8JsonWriter json)
    {
        json.WriteStartArray("sliders");
        json.WriteStartObject();
        json.WriteStartArray("steps");
        for (int i = 0; i < _frames.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("label", PlotlyWriter.PlotlyText(_frames[i].Label));
            WriteAnimate(json, $"{i}");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("updatemenus");
        json.WriteStartObject();
        json.WriteString("type", "buttons");
        json.WriteBoolean("showactive", false);
        json.WriteStartArray("buttons");
        json.WriteStartObject();
        json.WriteString("label", "Play");
        WriteAnimate(json, null);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public override void WriteFrames(Utf8JsonWriter json)
    {
        json.WriteStartArray("frames");
        for (int i = 0; i < _frames.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", $"{i}");
            json.WriteStartArray("data");
            _frames[i].Plot.WriteTraces(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public override void Draw(SvgCanvas canvas, FigureOptions options, double top)
    {
        int count = Math.Min(MostDrawn, _frames.Length), columns = count <= 2 ? count : (count + 1) / 2, rows = (count + columns - 1) / columns;
        double width = canvas.Width / columns, height = (canvas.Height - top) / rows;
        for (int i = 0; i < count; i++)
        {
            (string label, Plot plot) = _frames[(int)((long)i * (_frames.Length - 1) / (count - 1))]; // evenly, the first and the last among them
            FigureOptions part = options with { Title = label, Width = (int)width, Height = (int)height };
            canvas.Nest(SvgFigure.Canvas(plot, part, withLegend: false), i % columns * width, top + i / columns * height);
        }
    }

    // Plotly's animate method: one named frame, or all of them in turn
    private static void WriteAnimate(Utf8JsonWriter json, string? frame)
    {
        json.WriteString("method", "animate");
        json.WriteStartArray("args");
        if (frame is null) json.WriteNullValue();
        else
        {
            json.WriteStartArray();
            json.WriteStringValue(frame);
            json.WriteEndArray();
        }
        json.WriteStartObject();
        json.WriteString("mode", "immediate");
        json.WriteStartObject("frame");
        json.WriteNumber("duration", frame is null ? 400 : 0); // milliseconds
        json.WriteBoolean("redraw", true);
        json.WriteEndObject();
        json.WriteStartObject("transition");
        json.WriteNumber("duration", 0);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
