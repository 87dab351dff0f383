using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Html;

/// <summary>
/// A cell's outputs as HTML, each in the richest form that a page without a server and without a network can show. A Plotly figure keeps its still
/// form beside the data, for readers without scripts.
/// </summary>
internal sealed class OutputHtml(bool hasPlotly)
{
    private const string PlotlyMimeType = "application/vnd.plotly.v1+json";

    private static readonly (string MimeType, Func<string, string> Render)[] Forms =
    [
        ("text/html", html => html),
        ("image/svg+xml", svg => svg),
        ("text/markdown", MarkdownHtml.ToHtml),
        ("application/javascript", script => $"<script>{script}</script>"),
        ("text/vnd.mermaid", diagram => $"<pre class=\"mermaid\">{WebUtility.HtmlEncode(diagram)}</pre>"),
        ("text/plain", text => $"<pre>{WebUtility.HtmlEncode(text)}</pre>"),
    ];

    /// <summary>The HTML of <paramref name="outputs"/>, empty when there are none.</summary>
    public string ToHtml(JsonArray outputs)
    {
        var html = new StringBuilder();
        foreach (JsonObject output in outputs.OfType<JsonObject>())
            html.Append("<div class=\"output\">").Append(OneOutput(output)).Append("</div>\n");
        return html.ToString();
    }

    private string OneOutput(JsonObject output) => Text(output["output_type"]) switch
    {
        "stream" => $"<pre class=\"{(Text(output["name"]) == "stderr" ? "stderr" : "stdout")}\">{WebUtility.HtmlEncode(Text(output["text"]))}</pre>",
        "error" => $"<pre class=\"error\">{WebUtility.HtmlEncode(string.Join('\n', (output["traceback"] as JsonArray ?? []).Select(Text)))}</pre>",
        _ => Rich(output["data"] as JsonObject ?? []),
    };

    private string Rich(JsonObject data)
    {
        if (hasPlotly && data[PlotlyMimeType] is { } figure) // the default encoder escapes <, so the data cannot end its element
            return $"<div class=\"plotly\"><script type=\"application/json\">{figure.ToJsonString()}</script><div class=\"still\">{Still(data)}</div></div>";
        return Still(data);
    }

    private static string Still(JsonObject data)
    {
        foreach ((string mimeType, Func<string, string> render) in Forms)
        {
            if (data.ContainsKey(mimeType))
                return render(Text(data[mimeType]));
        }
        return $"<pre>({WebUtility.HtmlEncode(string.Join(", ", data.Select(entry => entry.Key)))}: no form of it can be shown on a page)</pre>";
    }

    private static string Text(JsonNode? node) => NotebookJson.FromLines(node) ?? "";
}
