using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Visuals;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>The Plotly form holds exactly the numbers that were given.</summary>
public sealed class FigurePlotlyTests
{
    private static readonly float[] Awkward = [0.1f, 1f / 3, 1e-30f, float.MaxValue, -2.5f, 16777216f];

    [Fact]
    public void Line_FloatValues_AreReadBackUnchanged()
    {
        using JsonDocument json = JsonDocument.Parse(Figure.Line("loss", new[] { 0, 1, 2, 3, 4, 5 }, Awkward).ToPlotlyJson());
        JsonElement trace = json.RootElement.GetProperty("data")[0];
        Assert.Equal("scatter", trace.GetProperty("type").GetString());
        Assert.Equal([0, 1, 2, 3, 4, 5], trace.GetProperty("x").EnumerateArray().Select(value => value.GetInt32()));
        Assert.Equal(Awkward, trace.GetProperty("y").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal("0.1", trace.GetProperty("y")[0].GetRawText()); // shortest round trip, not 0.10000000149011612
    }

    [Fact]
    public void Line_NaNAndInfinity_BecomeNull()
    {
        using JsonDocument json = JsonDocument.Parse(Figure.Line("gap", new[] { 0, 1, 2 }, new[] { 1.5, double.NaN, double.PositiveInfinity }).ToPlotlyJson());
        Assert.Equal("[1.5,null,null]", json.RootElement.GetProperty("data")[0].GetProperty("y").GetRawText());
    }

    [Fact]
    public void Bar_RepeatedLabels_KeepTheirOwnPositions()
    {
        Figure figure = Figure.Bar(["the", "cat", "the"], new[] { 1.0, 2.0, 3.0 }).AddBars("second", new[] { 4.0, 5.0, 6.0 });
        using JsonDocument json = JsonDocument.Parse(figure.ToPlotlyJson());
        JsonElement data = json.RootElement.GetProperty("data"), axis = json.RootElement.GetProperty("layout").GetProperty("xaxis");
        Assert.Equal("[0,1,2]", data[0].GetProperty("x").GetRawText());
        Assert.Equal("[1,2,3]", data[0].GetProperty("y").GetRawText());
        Assert.Equal("[4,5,6]", data[1].GetProperty("y").GetRawText());
        Assert.Equal(["the", "cat", "the"], axis.GetProperty("ticktext").EnumerateArray().Select(label => label.GetString()));
    }

    [Fact]
    public void HeatMap_RowMajorValues_BecomeRows()
    {
        using JsonDocument json = JsonDocument.Parse(Figure.HeatMap([1f, 2f, 3f, 4f, 5f, 6f], ["a", "b"], ["x", "y", "z"]).ToPlotlyJson());
        Assert.Equal("[[1,2,3],[4,5,6]]", json.RootElement.GetProperty("data")[0].GetProperty("z").GetRawText());
        Assert.Equal("reversed", json.RootElement.GetProperty("layout").GetProperty("yaxis").GetProperty("autorange").GetString());
    }

    [Fact]
    public void HeatMap_BothSigns_PutsZeroInTheMiddle()
    {
        using JsonDocument json = JsonDocument.Parse(Figure.HeatMap([-1f, 0f, 0.5f, 4f], ["a", "b"], ["x", "y"]).ToPlotlyJson());
        JsonElement trace = json.RootElement.GetProperty("data")[0];
        Assert.Equal((-4, 4), (trace.GetProperty("zmin").GetInt32(), trace.GetProperty("zmax").GetInt32()));
        Assert.Equal(3, trace.GetProperty("colorscale").GetArrayLength());
    }

    [Fact]
    public void Layout_TitlesAxesAndSize_AreWritten()
    {
        Figure figure = Figure.Line("y", new[] { 1.0, 10.0 }, new[] { 2.0, 3.0 }).WithTitle("A < B").WithAxes("step", "nats").WithLogX().WithSize(500, 250);
        using JsonDocument json = JsonDocument.Parse(figure.ToPlotlyJson());
        JsonElement layout = json.RootElement.GetProperty("layout");
        Assert.Equal("A &lt; B", layout.GetProperty("title").GetProperty("text").GetString()); // Plotly reads tags in titles
        Assert.Equal("step", layout.GetProperty("xaxis").GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("nats", layout.GetProperty("yaxis").GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("log", layout.GetProperty("xaxis").GetProperty("type").GetString());
        Assert.False(layout.GetProperty("yaxis").TryGetProperty("type", out _));
        Assert.Equal((500, 250), (layout.GetProperty("width").GetInt32(), layout.GetProperty("height").GetInt32()));
        Assert.Equal("""{"l":64,"r":24,"t":56,"b":56}""", layout.GetProperty("margin").GetRawText());
        Assert.Equal("power", layout.GetProperty("xaxis").GetProperty("exponentformat").GetString());
        Assert.False(layout.GetProperty("yaxis").TryGetProperty("exponentformat", out _));
    }

    [Fact]
    public void EveryForm_UnderAnotherCulture_HasTheSameBytes()
    {
        Figure Make() => Figure.Line("loss", new[] { 0.5, 1.5 }, new[] { 1234.5, 0.25 }).WithTitle("T");
        string[] Forms() => [Make().ToPlotlyJson(), Make().ToSvg(), Make().ToHtml(), Make().ToString()];
        string[] expected = Forms();
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal(expected, Forms());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
