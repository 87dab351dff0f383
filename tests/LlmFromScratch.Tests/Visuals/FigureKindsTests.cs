using System.Text.Json.Nodes;
using System.Xml.Linq;
using LlmFromScratch.Visuals;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>Histogram, points, space, surface, flows and frames: the same numbers in Plotly's form and in the drawing.</summary>
public sealed class FigureKindsTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly Figure Plane = Figure.Scatter("animals", new[] { 0f, 1, 2 }, new[] { 5f, 5, 7 }, ["cat", "dog", "</svg>"]);
    private static readonly Figure Space = Figure.Scatter3D("words", new[] { 0.0, 1, 0.5 }, [0, 0, 1], [0, 1, 0.25], ["a", "b", "c"]).WithAxes("u", "v", "w");
    private static readonly Figure Bowl = Figure.Surface([-1.0, 0, 1], [-1, 0, 1], [2, 1, 2, 1, 0, 1, 2, 1, 2]);
    private static readonly Figure Funnel = Figure.Sankey(("raw", "kept", 70), ("raw", "dropped", 30), ("kept", "train", 60), ("kept", "held out", 10));
    private static readonly Figure Film = Figure.Frames([.. Enumerable.Range(0, 8).Select(step => ($"step {step}", Figure.Line("loss", new[] { 0, 1 }, new[] { step, 8 - step })))]);

    [Fact]
    public void Histogram_Counts_AreOfHalfOpenIntervalsAndTheLastIsClosed()
    {
        // 0 to 4 in four intervals: [0,1) holds 0 and 0.5, [1,2) holds 1, [2,3) nothing, [3,4] holds 3 and 4
        JsonNode trace = Trace(Figure.Histogram("lengths", new[] { 0, 0.5, 1, 3, 4, double.NaN }, bins: 4));
        Assert.Equal([2, 1, 0, 2], trace["y"]!.AsArray().Select(count => (int)count!));
        Assert.Equal([0.5, 1.5, 2.5, 3.5], trace["x"]!.AsArray().Select(centre => (double)centre!));
    }

    [Fact]
    public void Histogram_Summary_SaysWhatWasLeftOut() =>
        Assert.Equal("histogram of x; 2 values in 2 intervals from 1 to 3, 1 not finite left out", Figure.Histogram("x", new[] { 1, 3, double.NaN }, 2).ToString());

    [Fact]
    public void Histogram_OneValue_HasAnInterval() => Assert.Equal(1, Trace(Figure.Histogram("x", new[] { 7 }, 1))["y"]!.AsArray().Sum(count => (int)count!));

    [Fact]
    public void Scatter_Points_CarryLabelAndExactNumbers()
    {
        XElement svg = XElement.Parse(Plane.ToSvg());
        Assert.Equal(["cat (animals): 0, 5", "dog (animals): 1, 5", "</svg> (animals): 2, 7"], svg.Descendants(Svg + "circle").Select(point => point.Value));
        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == "</svg>");
        Assert.Equal("markers+text", (string?)Trace(Plane)["mode"]);
    }

    [Fact]
    public void Scatter_SeventyLabels_StandInTheHoverTextOnly()
    {
        int[] places = [.. Enumerable.Range(0, 70)];
        Figure crowd = Figure.Scatter("", places, places, Array.ConvertAll(places, place => $"p{place}"));
        Assert.DoesNotContain(XElement.Parse(crowd.ToSvg()).Descendants(Svg + "text"), text => text.Value == "p3");
        Assert.Contains("p3: 3, 3", crowd.ToSvg());
    }

    [Fact]
    public void Scatter3D_Scene_HasThreeNamedAxes()
    {
        JsonNode layout = JsonNode.Parse(Space.ToPlotlyJson())!["layout"]!;
        Assert.Equal("w", (string?)layout["scene"]!["zaxis"]!["title"]!["text"]);
        Assert.Null(layout["xaxis"]);
        Assert.Equal([0, 1, 0.25], Trace(Space)["z"]!.AsArray().Select(value => (double)value!));
    }

    [Fact]
    public void Scatter3D_Drawing_PutsTheNearerPointLast()
    {
        // y points away from the viewer: of two points that differ in y alone the one with the smaller y is nearer, and is drawn larger, over the other
        Figure two = Figure.Scatter3D("", new[] { 0.0, 0, 1 }, [0, 1, 0], [0, 0, 1], ["near", "far", "other"]);
        XElement[] circles = [.. XElement.Parse(two.ToSvg()).Descendants(Svg + "circle")];
        Assert.True(Array.FindIndex(circles, circle => circle.Value.StartsWith("far")) < Array.FindIndex(circles, circle => circle.Value.StartsWith("near")));
    }

    [Fact]
    public void Surface_Lines_AreTheGridsRowsAndColumns() =>
        Assert.Equal(6, XElement.Parse(Bowl.ToSvg()).Descendants(Svg + "polyline").Count());

    [Fact]
    public void Sankey_Bands_SayTheirAmounts()
    {
        XElement svg = XElement.Parse(Funnel.ToSvg());
        Assert.Equal(["raw to kept: 70", "raw to dropped: 30", "kept to train: 60", "kept to held out: 10"], svg.Descendants(Svg + "path").Select(band => band.Value));
        Assert.Equal([0, 0, 1, 1], Trace(Funnel)["link"]!["source"]!.AsArray().Select(node => (int)node!));
    }

    [Fact]
    public void Sankey_Circle_IsRefused() =>
        Assert.Contains("circle", Assert.Throws<ArgumentException>(() => Figure.Sankey(("a", "b", 1), ("b", "a", 1))).Message);

    [Fact]
    public void Frames_Film_HasAFrameAndASliderStepForEach()
    {
        JsonNode json = JsonNode.Parse(Film.ToPlotlyJson())!;
        Assert.Equal(8, json["frames"]!.AsArray().Count);
        Assert.Equal("step 7", (string?)json["layout"]!["sliders"]![0]!["steps"]![7]!["label"]);
        Assert.Equal(7, (int)json["frames"]![7]!["data"]![0]!["y"]![0]!);
        Assert.Equal([-0.4, 8.4], json["layout"]!["yaxis"]!["range"]!.AsArray().Select(end => (double)end!)); // 0 to 8 over all frames, and 5 % around
    }

    [Fact]
    public void Frames_Drawing_ShowsSixMomentsTheFirstAndTheLastAmongThem()
    {
        string[] titles = [.. XElement.Parse(Film.ToSvg()).Elements(Svg + "svg").Select(part => part.Descendants(Svg + "text").First().Value)];
        Assert.Equal(["step 0", "step 1", "step 2", "step 4", "step 5", "step 7"], titles);
    }

    [Fact]
    public void Frames_OfSeveralKinds_AreRefused() =>
        Assert.Contains("one kind", Assert.Throws<ArgumentException>(() => Figure.Frames(("a", Plane), ("b", Bowl))).Message);

    [Fact]
    public void Kinds_WrongLengths_AreRefusedWithBothNumbers()
    {
        Assert.Contains("2, 1", Assert.Throws<ArgumentException>(() => Figure.Scatter("s", new[] { 1, 2 }, new[] { 1 })).Message);
        Assert.Contains("9 heights", Assert.Throws<ArgumentException>(() => Figure.Surface([1.0, 2, 3], [1, 2, 3], [1.0])).Message);
        Assert.Throws<InvalidOperationException>(() => Space.WithLogY());
    }

    private static JsonNode Trace(Figure figure) => JsonNode.Parse(figure.ToPlotlyJson())!["data"]![0]!;
}
