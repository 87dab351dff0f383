using System.Text.Json.Nodes;
using LlmFromScratch.PlotlyNet;
using LlmFromScratch.Visuals;

namespace LlmFromScratch.Tests.Adapters;

/// <summary>Our figures through Plotly.NET and out again; runs with FullFeed only.</summary>
public class FigureChartsTests
{
    [Fact]
    public void ToGenericChart_LinesWithAGap_KeepsTracesAndLayout() => AssertKept(
        Figure.Line("loss", [1, 2, 3], [0.5f, float.NaN, 0.25f]).AddLine("other", [1, 2, 3], [1f, 2f, 3f]).WithTitle("Training").WithLogY());

    [Fact]
    public void ToGenericChart_HeatMap_KeepsTracesAndLayout() => AssertKept(Figure.HeatMap([1f, -2f, 3f, 4f], ["a", "b"], ["c", "d"]));

    private static void AssertKept(Figure figure)
    {
        JsonNode expected = JsonNode.Parse(figure.ToPlotlyJson())!; // a figure writes an object
        JsonNode got = JsonNode.Parse(new ChartView(figure.ToGenericChart()).ToPlotlyJson())!; // and so does a chart
        Assert.Equal(Canonical(expected["data"]), Canonical(got["data"]));
        Assert.Equal(Canonical(expected["layout"]), Canonical(got["layout"]));
    }

    // Members in order, and every number as a double: 1 and 1.0 are the same to Plotly.
    private static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject item => "{" + string.Join(",", item.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Canonical(member.Value)}")) + "}",
        JsonArray items => "[" + string.Join(",", items.Select(Canonical)) + "]",
        JsonValue value => value.TryGetValue(out double number) ? number.ToString("R") : value.ToJsonString(),
        _ => throw new InvalidOperationException($"A JSON node is an object, an array or a value, got {node.GetType().Name}."),
    };
}
