using System.Text.Json;
using LlmFromScratch.Visuals;
using Microsoft.FSharp.Collections;
using Dynamic = DynamicObj.DynamicObj;
using GenericChart = Plotly.NET.GenericChart;
using Layout = Plotly.NET.Layout;
using PlotlyFigure = Plotly.NET.Figure;
using Trace = Plotly.NET.Trace;

namespace LlmFromScratch.PlotlyNet;

/// <summary>
/// Our figures as charts of Plotly.NET, to go on with its functions: styles, subplots, saved pages. Both sides write the same Plotly JSON, so
/// the way leads over it. Axes and titles arrive as plain objects: a Plotly.NET function that styles an axis replaces it.
/// </summary>
public static class FigureCharts
{
    /// <summary>The same traces and the same layout as <paramref name="figure"/>.</summary>
    public static GenericChart ToGenericChart(this Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        using JsonDocument json = JsonDocument.Parse(figure.ToPlotlyJson());
        Trace[] traces = [.. json.RootElement.GetProperty("data").EnumerateArray().Select(ToTrace)];
        Layout layout = new();
        Copy(json.RootElement.GetProperty("layout"), layout);
        return GenericChart.fromFigure(PlotlyFigure.create(ListModule.OfSeq(traces), layout));
    }

    private static Trace ToTrace(JsonElement json)
    {
        Trace trace = new(json.GetProperty("type").GetString());
        Copy(json, trace);
        return trace;
    }

    private static void Copy(JsonElement json, Dynamic target)
    {
        foreach (JsonProperty property in json.EnumerateObject()) target.SetValue(property.Name, ToValue(property.Value));
    }

    private static object? ToValue(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                Dynamic value = new();
                Copy(json, value);
                return value;
            case JsonValueKind.Array:
                return json.EnumerateArray().Select(ToValue).ToArray();
            case JsonValueKind.Number:
                return json.TryGetInt32(out int whole) ? whole : json.GetDouble(); // Plotly.NET looks for sizes of type int
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.True or JsonValueKind.False:
                return json.GetBoolean();
            default:
                return null; // a gap in a line
        }
    }
}
