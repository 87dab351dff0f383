using System.Reflection;
using LlmFromScratch.Visuals;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>The builder: it is immutable, refuses what does not fit, and is found by notebook hosts.</summary>
public sealed class FigureTests
{
    private static readonly int[] X = [1, 2];

    [Fact]
    public void With_AnyChange_LeavesTheOriginalAlone()
    {
        Figure original = Figure.Line("a", X, X);
        string before = original.ToPlotlyJson();
        _ = original.AddLine("b", X, X).WithTitle("t").WithAxes("x", "y").WithLogX().WithLogY().WithSize(300, 200);
        Assert.Equal(before, original.ToPlotlyJson());
    }

    [Fact]
    public void Bar_CallersArrayChangesLater_FigureStaysTheSame()
    {
        string[] labels = ["a", "b"];
        int[] values = [1, 2];
        Figure figure = Figure.Bar(labels, values);
        string before = figure.ToSvg();
        (labels[0], values[0]) = ("z", 99);
        Assert.Equal(before, figure.ToSvg());
    }

    [Fact]
    public void Line_DifferentLengths_SaysBoth()
    {
        var error = Assert.Throws<ArgumentException>(() => Figure.Line("loss", X, new[] { 1, 2, 3 }));
        Assert.Contains("x has 2 values and y has 3", error.Message);
    }

    [Fact]
    public void HeatMap_WrongCount_SaysHowManyAreNeeded()
    {
        var error = Assert.Throws<ArgumentException>(() => Figure.HeatMap([1f, 2f, 3f], ["a", "b"], ["x", "y"]));
        Assert.Contains("need 4 values, at least 1; got 3", error.Message);
    }

    [Fact]
    public void AddLine_ToBars_IsRefused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Figure.Bar(["a"], new[] { 1 }).AddLine("l", X, X));
        Assert.Contains("expected a figure of lines, got bars", error.Message);
    }

    [Fact]
    public void Summary_Lines_NamesThemAndTheirRange() =>
        Assert.Equal("Loss: line chart of a, b; 4 points from 1 to 2.5",
            Figure.Line("a", X, X).AddLine("b", X, new[] { 1.5, 2.5 }).WithTitle("Loss").ToString());

    [Fact]
    public void Formatters_FoundByConvention_WriteEveryPreferredForm()
    {
        Figure figure = Figure.Bar(["a"], new[] { 1 });
        IReadOnlyDictionary<string, string> forms = ConventionFormatters.Render(figure);
        Assert.Equal(["application/vnd.plotly.v1+json", "image/svg+xml", "text/html", "text/plain"], ConventionFormatters.Preferred(figure));
        Assert.Equal(figure.ToPlotlyJson(), forms["application/vnd.plotly.v1+json"]);
        Assert.Equal(figure.ToSvg(), forms["image/svg+xml"]);
        Assert.Equal(figure.ToHtml(), forms["text/html"]);
        Assert.Equal(figure.ToString(), forms["text/plain"]);
    }

    [Fact]
    public void Formatter_ForeignValue_WritesNothing()
    {
        object formatter = ConventionFormatters.Of(Figure.Bar(["a"], new[] { 1 })).First();
        var writer = new StringWriter();
        MethodInfo format = formatter.GetType().GetMethod("Format")!; // the convention promises this one method
        Assert.Equal(false, format.Invoke(formatter, ["a string", writer]));
        Assert.Equal("", writer.ToString());
    }
}
