namespace LlmFromScratch.Visuals.Formatting;

/// <summary>The names of the forms in which a figure or a widget can be shown.</summary>
internal static class MimeTypes
{
    public const string Plotly = "application/vnd.plotly.v1+json";
    public const string Svg = "image/svg+xml";
    public const string Html = "text/html";
    public const string Text = "text/plain";
}
