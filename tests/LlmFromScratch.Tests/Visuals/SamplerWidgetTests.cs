using System.Text.Json;
using System.Xml.Linq;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

public sealed class SamplerWidgetTests
{
    private static SamplerWidget Sample() => new("Once", [" a", " the", "\n"], [1f, 3f, 1f], ids: [9, 4, 2]);

    [Fact]
    public void Data_Candidates_AreSortedWithTheLowerIdFirst()
    {
        using JsonDocument json = JsonDocument.Parse(Sample().ToJson());
        Assert.Equal("""[[["space","·"],["text","the"]],[["space","↵"]],[["space","·"],["text","a"]]]""", Unescaped(json.RootElement.GetProperty("tokens")));
        Assert.Equal("[3,1,1]", json.RootElement.GetProperty("logits").GetRawText());
    }

    [Fact]
    public void Html_HostileText_CannotLeaveTheScriptElement()
    {
        const string hostile = "</script><img src=x onerror=alert(1)>";
        string html = new SamplerWidget(hostile, [hostile, "\ud800"], [1f, 0f]).ToHtml();
        Assert.DoesNotContain("<img", html);
        Assert.Equal(2, html.Split("</script>").Length - 1); // the data's and the program's own
        WidgetForms.AssertData(html, json => Assert.Equal(hostile, json.GetProperty("prompt").GetString()));
    }

    [Fact]
    public void Forms_SameInput_SameBytesAndEveryMimeType()
    {
        WidgetForms.AssertAll(Sample(), Sample());
        Assert.NotEqual(Sample().ToHtml(), new SamplerWidget("Twice", [" a"], [1f]).ToHtml());
    }

    [Fact]
    public void Svg_Logits_AreHeld()
    {
        XElement svg = XElement.Parse(Sample().ToSvg());
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "title" && element.Value == "·the: 3");
    }

    [Fact]
    public void Constructor_InfiniteLogit_SaysWhich()
    {
        var error = Assert.Throws<ArgumentException>(() => new SamplerWidget("p", ["a", "b"], [1f, float.NegativeInfinity]));
        Assert.Contains("candidate 1", error.Message);
    }

    [Fact]
    public void Constructor_DifferentLengths_SaysThem()
    {
        var error = Assert.Throws<ArgumentException>(() => new SamplerWidget("p", ["a", "b"], [1f]));
        Assert.Contains("2 tokens, 1 logits", error.Message);
    }

    private static string Unescaped(JsonElement element) =>
        JsonSerializer.Serialize(element, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
