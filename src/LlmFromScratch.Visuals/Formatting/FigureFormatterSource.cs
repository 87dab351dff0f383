namespace LlmFromScratch.Visuals.Formatting;

/// <summary>Makes the formatters of <see cref="Figure"/>; a notebook host creates it by reflection.</summary>
internal sealed class FigureFormatterSource
{
    /// <summary>One formatter for each form of a figure.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new TypeFormatter<Figure>(MimeTypes.Plotly, figure => figure.ToPlotlyJson()),
        new TypeFormatter<Figure>(MimeTypes.Svg, figure => figure.ToSvg()),
        new TypeFormatter<Figure>(MimeTypes.Html, figure => figure.ToHtml()),
        new TypeFormatter<Figure>(MimeTypes.Text, figure => figure.ToString()),
    ];
}
