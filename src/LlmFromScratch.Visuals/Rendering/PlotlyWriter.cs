using System.Text;
using System.Text.Json;
using LlmFromScratch.Visuals.Plots;

namespace LlmFromScratch.Visuals.Rendering;

/// <summary>Writes a figure as Plotly JSON. The background is opaque, because a Plotly figure cannot follow the theme of its host.</summary>
internal static class PlotlyWriter
{
    /// <summary><c>{"data": traces, "layout": {...}}</c>; the default encoder escapes &lt; and &amp;, so it may also stand inside a script element.</summary>
    public static string Write(Plot plot, FigureOptions options)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            plot.WriteTraces(json);
            json.WriteEndArray();
            WriteLayout(json, plot, options);
            plot.WriteFrames(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteLayout(Utf8JsonWriter json, Plot plot, FigureOptions options)
    {
        json.WriteStartObject("layout");
        if (options.Title.Length > 0) WriteTitle(json, options.Title);
        json.WriteNumber("width", options.Width);
        json.WriteNumber("height", options.Height);
        WriteMargin(json, options.Title.Length > 0 ? 56 : 24);
        json.WriteString("paper_bgcolor", Palette.Paper);
        json.WriteString("plot_bgcolor", Palette.Paper);
        json.WriteStartObject("font");
        json.WriteString("color", Palette.Ink);
        json.WriteEndObject();
        json.WriteStartArray("colorway");
        foreach (string colour in Palette.Series) json.WriteStringValue(colour);
        json.WriteEndArray();
        json.WriteBoolean("showlegend", plot.LegendNames.Count > 0);
        if (plot.IsScene) WriteScene(json, options);
        else if (plot.HasAxes)
        {
            WriteAxis(json, "xaxis", plot, options.XTitle, options.LogX, options.XRange);
            WriteAxis(json, "yaxis", plot, options.YTitle, options.LogY, options.YRange);
        }
        plot.WriteLayout(json);
        json.WriteEndObject();
    }

    // Plotly's own margins take 180 pixels of the height, and a heat map of two rows has 200. Axes, legends and sliders add what they need.
    private static void WriteMargin(Utf8JsonWriter json, int top)
    {
        json.WriteStartObject("margin");
        json.WriteNumber("l", 64);
        json.WriteNumber("r", 24);
        json.WriteNumber("t", top);
        json.WriteNumber("b", 56);
        json.WriteEndObject();
    }

    private static void WriteScene(Utf8JsonWriter json, FigureOptions options)
    {
        json.WriteStartObject("scene");
        foreach ((string axis, string title) in (ReadOnlySpan<(string, string)>)[("xaxis", options.XTitle), ("yaxis", options.YTitle), ("zaxis", options.ZTitle)])
        {
            json.WriteStartObject(axis);
            if (title.Length > 0) WriteTitle(json, title);
            json.WriteString("gridcolor", Palette.Line);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteAxis(Utf8JsonWriter json, string name, Plot plot, string title, bool log, (double Min, double Max)? range)
    {
        json.WriteStartObject(name);
        if (title.Length > 0) WriteTitle(json, title);
        if (log)
        {
            json.WriteString("type", "log");
            json.WriteString("exponentformat", "power"); // 10⁻⁶ and not 1µ
        }
        if (range is (double min, double max) && !log && max > min)
        {
            json.WriteStartArray("range");
            json.WriteNumberValue(min - 0.05 * (max - min)); // a line along the edge stays visible
            json.WriteNumberValue(max + 0.05 * (max - min));
            json.WriteEndArray();
        }
        json.WriteString("gridcolor", Palette.Line);
        json.WriteBoolean("automargin", true);
        plot.WriteAxis(json, horizontal: name == "xaxis");
        json.WriteEndObject();
    }

    private static void WriteTitle(Utf8JsonWriter json, string title)
    {
        json.WriteStartObject("title");
        json.WriteString("text", PlotlyText(title));
        json.WriteEndObject();
    }

    /// <summary>Plotly reads a few HTML tags in its texts (b, i, a, br); an escaped text shows as it stands.</summary>
    public static string PlotlyText(string text) => Markup.Clean(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
