using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Visuals.Formatting;

/// <summary>Makes the formatters of every <see cref="Widget"/>; a notebook host creates it by reflection.</summary>
internal sealed class WidgetFormatterSource
{
    /// <summary>One formatter for each form of a widget.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new TypeFormatter<Widget>(MimeTypes.Html, widget => widget.ToHtml()),
        new TypeFormatter<Widget>(MimeTypes.Svg, widget => widget.ToSvg()),
        new TypeFormatter<Widget>(MimeTypes.Text, widget => widget.ToString()),
    ];
}
