using System.Text.Json;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Formatting;

/// <summary>
/// Turns a value into a MIME bundle. A type describes its own rich forms by .NET Interactive's convention (see
/// <see cref="ConventionFormatters"/>), so one library serves both hosts; any other value becomes <c>text/plain</c>.
/// </summary>
internal sealed class RichFormatter
{
    private readonly Dictionary<Type, ConventionFormatters?> _formattersOfType = [];
    private readonly Lock _gate = new();

    /// <summary>The bundle of <paramref name="value"/>: MIME type to text (as a list of lines), or to JSON where the type's name ends so.</summary>
    /// <exception cref="InvalidDataException">A formatter of a JSON type wrote something else.</exception>
    public JsonObject Format(object? value)
    {
        if (value is HtmlContent html)
            return Bundle("text/html", html.Html);
        var data = new JsonObject();
        if (value is not null && FormattersOf(value.GetType()) is { } formatters)
        {
            foreach ((string mimeType, string text) in formatters.Format(value))
                data[mimeType] = ToNode(mimeType, text, value);
        }
        // Jupyter falls back to text/plain; a type's own ToString is worth having there, its bare name is not.
        if (data.Count == 0 || (value is not null && !data.ContainsKey("text/plain") && PlainText.OverridesToString(value.GetType())))
            data["text/plain"] = NotebookJson.ToLines(PlainText.Format(value));
        return data;
    }

    /// <summary>A bundle of one text.</summary>
    public static JsonObject Bundle(string mimeType, string text) => new() { [mimeType] = NotebookJson.ToLines(text) };

    private ConventionFormatters? FormattersOf(Type type)
    {
        lock (_gate)
        {
            if (!_formattersOfType.TryGetValue(type, out ConventionFormatters? formatters))
                _formattersOfType[type] = formatters = ConventionFormatters.Find(type);
            return formatters;
        }
    }

    private static JsonNode? ToNode(string mimeType, string text, object value)
    {
        if (!mimeType.EndsWith("json", StringComparison.Ordinal))
            return NotebookJson.ToLines(text.ReplaceLineEndings("\n"));
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{value.GetType().Name}: the formatter for {mimeType} must write JSON: {exception.Message}", exception);
        }
    }
}
