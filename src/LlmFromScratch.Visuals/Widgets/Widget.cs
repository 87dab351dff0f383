using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LlmFromScratch.Visuals.Formatting;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// Something a reader can turn and click, as one self-contained piece of HTML: data, style and script stand inside, nothing is loaded.
/// It works in VS Code notebooks, in Jupyter and in plain pages, several on one page. Where scripts do not run, a still picture of the
/// same numbers stands in its place. The same numbers give the same bytes.
/// </summary>
[TypeFormatterSource(typeof(WidgetFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Svg, MimeTypes.Text])]
public abstract class Widget
{
    private protected Widget()
    {
    }

    /// <summary>The name in the element's id, and of the function <c>mount</c> that the last script defines.</summary>
    private protected abstract string Name { get; }

    /// <summary>The embedded scripts in the order in which they need each other.</summary>
    private protected abstract IReadOnlyList<string> Scripts { get; }

    /// <summary>The embedded style sheets; those that draw plots need plots.css too.</summary>
    private IReadOnlyList<string> Styles => Scripts.Contains("draw.js") ? ["widget.css", "plots.css"] : ["widget.css"];

    /// <summary>Writes the members of the data object that the script reads.</summary>
    private protected abstract void WriteData(Utf8JsonWriter json);

    /// <summary>The still picture: a stand-alone SVG document.</summary>
    public abstract string ToSvg();

    /// <summary>The data as JSON. The encoder escapes &lt;, &gt; and &amp;, so no token text can end the script element around it.</summary>
    internal string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteData(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The live form: an HTML fragment whose id is a hash of its data.</summary>
    public string ToHtml()
    {
        string data = ToJson();
        string id = $"lfs-{Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)).AsSpan(0, 6))}";
        string script = string.Concat(Scripts.Select(EmbeddedText.ReadCompact));
        return $$"""
            <div class="lfs-widget lfs-{{Name}}" id="{{id}}" role="group" aria-label="{{Markup.Escape(ToString())}}">
            <style>{{string.Concat(Styles.Select(EmbeddedText.ReadCompact))}}</style>
            <noscript>{{ToSvg()}}</noscript>
            <div class="lfs-stage"></div>
            <script type="application/json">{{data}}</script>
            <script>(function () {
            "use strict";
            {{script}}
            for (const root of document.querySelectorAll('[id="{{id}}"]:not([data-ready])')) {
              root.dataset.ready = "true"; // the same widget may stand on a page twice
              mount(root.querySelector(".lfs-stage"), JSON.parse(root.querySelector('script[type="application/json"]').textContent));
            }
            })();</script>
            </div>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>One line that says what the widget shows.</summary>
    public abstract override string ToString();
}
