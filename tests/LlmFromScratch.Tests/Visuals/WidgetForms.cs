using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>What every widget promises.</summary>
internal static class WidgetForms
{
    private const int MostBytes = 100_000;

    /// <summary>Two widgets made from the same input have the same bytes in each form, and each form is what it should be.</summary>
    public static void AssertAll(Widget first, Widget second)
    {
        IReadOnlyDictionary<string, string> forms = ConventionFormatters.Render(first);
        Assert.Equal(forms, ConventionFormatters.Render(second));
        Assert.Equal(["text/html", "image/svg+xml", "text/plain"], ConventionFormatters.Preferred(first));
        Assert.Equal(["image/svg+xml", "text/html", "text/plain"], forms.Keys.Order());
        Assert.Equal("svg", XElement.Parse(forms["image/svg+xml"]).Name.LocalName);
        Assert.DoesNotContain('\n', forms["text/plain"]);

        string html = forms["text/html"];
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1000, MostBytes);
        Assert.Contains($"<noscript>{forms["image/svg+xml"]}</noscript>", html);
        Assert.DoesNotMatch("""(src|href)\s*=|url\(|import\s""", html); // nothing is loaded
        AssertData(html, json => Assert.Equal(JsonValueKind.Object, json.ValueKind));
    }

    /// <summary>Parses the data object inside the fragment.</summary>
    public static void AssertData(string html, Action<JsonElement> check)
    {
        Match match = Regex.Match(html, """<script type="application/json">(.*?)</script>""", RegexOptions.Singleline);
        Assert.True(match.Success, "no data element in the fragment");
        using JsonDocument json = JsonDocument.Parse(match.Groups[1].Value);
        check(json.RootElement);
    }
}
