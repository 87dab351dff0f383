using System.Text.Json;
using System.Xml.Linq;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

public sealed class TokenChipsWidgetTests
{
    private static readonly string[][] Merges = [["a", "b", "a", "b", "c"], ["ab", "ab", "c"], ["ab", "abc"]];

    private static TokenChipsWidget Stepper() => new(["ab", "abc"], [7, 9], Merges);

    [Fact]
    public void Data_Merges_AreFoundFromTheStates()
    {
        using JsonDocument json = JsonDocument.Parse(Stepper().ToJson());
        Assert.Equal("[[0,1,0,1,2],[3,3,2],[3,4]]", json.RootElement.GetProperty("states").GetRawText());
        Assert.Equal("""[{"left":[["text","a"]],"right":[["text","b"]],"at":[0,1]},{"left":[["text","ab"]],"right":[["text","c"]],"at":[1]}]""",
            json.RootElement.GetProperty("merges").GetRawText());
        JsonElement pieces = json.RootElement.GetProperty("pieces");
        Assert.Equal([7, 9], new[] { 3, 4 }.Select(i => pieces[i].GetProperty("id").GetInt32()));
        Assert.False(pieces[0].TryGetProperty("id", out _)); // "a" is no token of the final text
        Assert.Equal(3, pieces[4].GetProperty("bytes").GetInt32());
    }

    [Fact]
    public void Data_BrokenCharacters_AreHexAndBytesAreCounted()
    {
        var widget = new TokenChipsWidget([[0xF0, 0x9F], [0x99, 0x82]], [1, 2]);
        using JsonDocument json = JsonDocument.Parse(widget.ToJson());
        Assert.Equal("""[["hex","F0"],["hex","9F"]]""", json.RootElement.GetProperty("pieces")[0].GetProperty("parts").GetRawText());
        Assert.Equal("Tokens: 2 tokens, 4 bytes, 2 bytes per token", widget.ToString());
    }

    [Fact]
    public void Forms_SameInput_SameBytesAndEveryMimeType() => WidgetForms.AssertAll(Stepper(), Stepper());

    [Fact]
    public void Svg_EveryToken_HasChipAndId()
    {
        XElement svg = XElement.Parse(new TokenChipsWidget([" the", "\n"], [262, 198]).ToSvg());
        Assert.Equal(["·the: 262", "↵: 198"], svg.Descendants().Where(element => element.Name.LocalName == "title").Select(title => title.Value));
    }

    [Fact]
    public void Html_HostileToken_CannotLeaveTheScriptElement()
    {
        string html = new TokenChipsWidget(["</script><img src=x onerror=alert(1)>", "<!--", "&"], [1, 2, 3]).ToHtml();
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain("<!--", html);
        Assert.Equal(2, html.Split("</script>").Length - 1);
    }

    [Fact]
    public void Constructor_TwoDifferentMergesInAStep_AreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new TokenChipsWidget(["ab", "cd"], [1, 2], [["a", "b", "c", "d"], ["ab", "cd"]]));
        Assert.Contains("from merge state 0 to 1 expected exactly one merge", error.Message);
        Assert.Contains("piece 1 is \"cd\"", error.Message);
    }

    [Fact]
    public void Constructor_StepThatChangesNothing_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new TokenChipsWidget(["ab"], [1], [["ab"], ["ab"]]));
        Assert.Contains("nothing was joined", error.Message);
    }

    [Fact]
    public void Constructor_LastStateIsNotTheTokens_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new TokenChipsWidget(["ab"], [1], [["a", "b"]]));
        Assert.Contains("the last merge state must be the tokens themselves", error.Message);
    }

    [Fact]
    public void Constructor_DifferentLengths_SaysThem()
    {
        var error = Assert.Throws<ArgumentException>(() => new TokenChipsWidget(["a", "b"], [1]));
        Assert.Contains("2 pieces and 1 ids", error.Message);
    }
}
