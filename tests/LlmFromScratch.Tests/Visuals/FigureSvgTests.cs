using System.Globalization;
using System.Xml.Linq;
using LlmFromScratch.Visuals;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>The static drawing is well-formed, holds the exact numbers, and stands where the scale says.</summary>
public sealed class FigureSvgTests
{
    private const string Hostile = "</script><img src=x onerror=\"alert(1)\">&'\u0000\u001b\ud800";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Bar_Values_StandInTheHoverTextAndScaleTheHeights()
    {
        XElement svg = XElement.Parse(Figure.Bar(["a", "b"], new[] { 0.1f, 0.2f }).ToSvg());
        XElement[] bars = [.. svg.Descendants(Svg + "rect").Where(rect => rect.Element(Svg + "title") is not null)];
        Assert.Equal(["a: 0.1", "b: 0.2"], bars.Select(bar => bar.Element(Svg + "title")!.Value));
        Assert.Equal(2, Number(bars[1], "height") / Number(bars[0], "height"), 0.001); // 0.001: pixels are written with two decimals
    }

    [Fact]
    public void Line_Points_CarryTheirExactValues()
    {
        XElement svg = XElement.Parse(Figure.Line("loss", new[] { 0, 1, 2 }, new[] { 1f / 3, 2f, 3f }).ToSvg());
        Assert.Equal(["loss: 0, 0.33333334", "loss: 1, 2", "loss: 2, 3"], svg.Descendants(Svg + "circle").Select(point => point.Value));
        Assert.Single(svg.Descendants(Svg + "polyline"));
    }

    [Fact]
    public void Line_NaN_BreaksTheLine()
    {
        XElement svg = XElement.Parse(Figure.Line("loss", new[] { 0, 1, 2, 3, 4 }, new[] { 1, 2, double.NaN, 3, 4 }).ToSvg());
        Assert.Equal(2, svg.Descendants(Svg + "polyline").Count());
        Assert.Equal(4, svg.Descendants(Svg + "circle").Count());
    }

    [Fact]
    public void Line_LogarithmicAxis_SpacesDecadesEqually()
    {
        XElement svg = XElement.Parse(Figure.Line("y", new[] { 0, 1, 2, 3 }, new[] { 1.0, 10, 100, -5 }).WithLogY().ToSvg());
        double[] heights = [.. svg.Descendants(Svg + "circle").Select(point => Number(point, "cy"))];
        Assert.Equal(3, heights.Length); // -5 has no logarithm: a gap
        Assert.Equal(heights[0] - heights[1], heights[1] - heights[2], 0.02); // 0.02: two decimals in each
    }

    [Fact]
    public void HeatMap_Cells_ShowLabelAndNumber()
    {
        XElement svg = XElement.Parse(Figure.HeatMap([0.25f, 0.75f, 1f, 0f], ["q0", "q1"], ["k0", "k1"]).ToSvg());
        XElement[] cells = [.. svg.Descendants(Svg + "rect").Where(rect => rect.Element(Svg + "title") is not null)];
        Assert.Equal(["q0, k0: 0.25", "q0, k1: 0.75", "q1, k0: 1", "q1, k1: 0"], cells.Select(cell => cell.Value));
        Assert.Equal(0.25, Number(cells[0], "fill-opacity"));
        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == "0.75");
    }

    [Fact]
    public void EveryKind_HostileText_StaysWellFormedAndInert()
    {
        Figure[] figures =
        [
            Figure.Line(Hostile, new[] { 1 }, new[] { 1 }).AddLine(Hostile, new[] { 1 }, new[] { 2 }).WithTitle(Hostile).WithAxes(Hostile, Hostile),
            Figure.Bar([Hostile], new[] { 1 }, Hostile),
            Figure.HeatMap([1], [Hostile], [Hostile]),
        ];
        foreach (Figure figure in figures)
        {
            XElement.Parse(figure.ToSvg());
            XElement.Parse(figure.ToHtml());
            Assert.DoesNotContain("<img", figure.ToHtml());
            Assert.DoesNotContain("</script", figure.ToPlotlyJson());
        }
    }

    [Fact]
    public void Html_Figure_HasAnAccessibleName()
    {
        XElement html = XElement.Parse(Figure.Bar(["a"], new[] { 2 }).WithTitle("Counts").ToHtml());
        Assert.Equal("figure", html.Name.LocalName);
        Assert.Equal("Counts: bar chart; 1 labels, values from 2 to 2", html.Attribute("aria-label")!.Value);
        Assert.Equal("img", html.Element(Svg + "svg")!.Attribute("role")!.Value);
    }

    [Theory]
    [InlineData(0, 1, 5, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 0.3, 3, new[] { 0, 0.1, 0.2, 0.3 })] // 0.3 and not 0.30000000000000004
    [InlineData(-7, 12, 4, new double[] { -10, -5, 0, 5, 10, 15 })]
    [InlineData(3, 3, 5, new double[] { 1, 2, 3, 4, 5 })]
    public void AxisScale_Linear_TicksAtRoundNumbers(double min, double max, int wanted, double[] expected) =>
        Assert.Equal(expected, AxisScale.Linear(min, max, wanted, roundEnds: true).Ticks);

    [Theory]
    [InlineData(1, 1000, new double[] { 1, 10, 100, 1000 })]
    [InlineData(3, 40, new double[] { 2, 5, 10, 20, 50 })]
    public void AxisScale_Logarithmic_TicksAtDecades(double min, double max, double[] expected) =>
        Assert.Equal(expected, AxisScale.Logarithmic(min, max, roundEnds: true).Ticks);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.123456, "0.123")]
    [InlineData(-12.3456, "-12.35")]
    [InlineData(1234.5678, "1235")]
    [InlineData(0.00001, "1e-5")]
    [InlineData(2500000, "2.5e6")]
    public void Numbers_Short_KeepsThreeOrFourDigits(double value, string expected) => Assert.Equal(expected, Numbers.Short(value));

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
