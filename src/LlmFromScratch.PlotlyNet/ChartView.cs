using LlmFromScratch.Visuals;
using GenericChart = Plotly.NET.GenericChart;

namespace LlmFromScratch.PlotlyNet;

/// <summary>
/// A chart of Plotly.NET as a cell's last value: it is drawn from its Plotly JSON in any notebook host and by our own runner, which loads assemblies
/// by path and so never meets Plotly.NET.Interactive's kernel extension.
/// <example><c>new ChartView(figure.ToGenericChart())</c></example>
/// </summary>
/// <param name="chart">What is drawn.</param>
[TypeFormatterSource(typeof(ChartViewFormatterSource), PreferredMimeTypes = [ChartViewFormatterSource.Plotly])]
public sealed class ChartView(GenericChart chart)
{
    /// <summary>What is drawn.</summary>
    public GenericChart Chart { get; } = chart;

    /// <summary>The chart as Plotly's <c>{"data": [...], "layout": {...}, "frames": []}</c>.</summary>
    public string ToPlotlyJson() => GenericChart.toFigureJson(Chart);
}
