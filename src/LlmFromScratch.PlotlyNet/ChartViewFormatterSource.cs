namespace LlmFromScratch.PlotlyNet;

/// <summary>Makes the formatter of <see cref="ChartView"/>; a notebook host creates it by reflection.</summary>
internal sealed class ChartViewFormatterSource
{
    /// <summary>Plotly's JSON; hosts draw it with their own script.</summary>
    public const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>One formatter: the JSON.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new Formatter()];

    /// <summary>Has the members that hosts look for by name.</summary>
    private sealed class Formatter
    {
        public string MimeType => Plotly;

        public bool Format(object value, TextWriter writer)
        {
            if (value is not ChartView view) return false;
            writer.Write(view.ToPlotlyJson());
            return true;
        }
    }
}
