using System.Text.Json;
using System.Xml.Linq;
using LlmFromScratch.Numerics;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

public sealed class AttentionWidgetTests
{
    // One layer, one head, two tokens; the second reads a third from the first.
    private static readonly float[] Causal = [1f, 0f, 1f / 3, 2f / 3];

    [Fact]
    public void Data_Numbers_AreTheGivenFloats()
    {
        using JsonDocument json = JsonDocument.Parse(new AttentionWidget(["a", " b"], Causal, 1, 1, [0.5f, 9f, -1e-9f, 0.7f]).ToJson());
        Assert.Equal(Causal, json.RootElement.GetProperty("weights").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal([0.5f, 9f, -1e-9f, 0.7f], json.RootElement.GetProperty("scores").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal(2, json.RootElement.GetProperty("queries").GetInt32());
    }

    [Theory]
    [InlineData(new[] { 1f, 0f, 0.5f, 0.5f }, true)]
    [InlineData(new[] { 0.9f, 0.1f, 0.5f, 0.5f }, false)]
    [InlineData(new[] { 0.9f, 0.1f }, true)] // one query: it stands at the last position and may read both
    public void Data_Causal_IsReadFromTheWeights(float[] weights, bool expected)
    {
        using JsonDocument json = JsonDocument.Parse(new AttentionWidget(["a", "b"], weights, 1, 1).ToJson());
        Assert.Equal(expected, json.RootElement.GetProperty("causal").GetBoolean());
    }

    [Fact]
    public void Forms_NormalInput_KeepTheirPromises()
    {
        static AttentionWidget Make()
        {
            var random = new SeededRandom(3);
            string[] tokens = [.. Enumerable.Range(0, 16).Select(i => $" token{i}")];
            float[] weights = new float[2 * 4 * 16 * 16], scores = new float[weights.Length];
            for (int i = 0; i < weights.Length; i++) (weights[i], scores[i]) = (i % 16 > i / 16 % 16 ? 0 : random.NextSingle(), 5 * random.NextSingle());
            return new AttentionWidget(tokens, weights, 2, 4, scores);
        }
        WidgetForms.AssertAll(Make(), Make());
    }

    [Fact]
    public void Svg_FirstHead_HoldsItsWeights()
    {
        XElement svg = XElement.Parse(new AttentionWidget(["a", " b"], Causal, 1, 1).ToSvg());
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "title" && element.Value == "·b, a: 0.33333334");
    }

    [Fact]
    public void Html_HostileToken_CannotLeaveTheScriptElement()
    {
        string html = new AttentionWidget(["</script><img src=x onerror=alert(1)>", "b"], Causal, 1, 1).ToHtml();
        Assert.DoesNotContain("<img", html);
        Assert.Equal(2, html.Split("</script>").Length - 1);
    }

    [Fact]
    public void Constructor_WrongCount_SaysWhatFits()
    {
        var error = Assert.Throws<ArgumentException>(() => new AttentionWidget(["a", "b"], new float[7], 1, 2));
        Assert.Contains("expected a multiple of 4 up to 8 numbers, got 7", error.Message);
    }

    [Fact]
    public void Constructor_MaskedScore_AsksForScoresBeforeTheMask()
    {
        var error = Assert.Throws<ArgumentException>(() => new AttentionWidget(["a", "b"], Causal, 1, 1, [1f, float.NegativeInfinity, 1f, 1f]));
        Assert.Contains("-Infinity at index 1", error.Message);
    }

    [NodeFact]
    public void AttentionRow_ThousandRandomRows_EqualsCSharp()
    {
        var random = new SeededRandom(5);
        (double[] Scores, int Visible)[] cases = [.. Enumerable.Range(0, 1000).Select(_ =>
        {
            double[] scores = [.. Enumerable.Range(0, 1 + random.NextInt(20)).Select(_ => 10 * random.NextGaussian())];
            return (scores, 1 + random.NextInt(scores.Length));
        })];
        string input = JsonSerializer.Serialize(cases.Select(c => new { c.Scores, c.Visible }), JsonSerializerOptions.Web);
        string output = Node.Run(EmbeddedText.Read("sampling.js") + EmbeddedText.Read("attention.js")
            + $"console.log(JSON.stringify({input}.map((c) => attentionRow(c.scores, c.visible))));");
        double[][] rows = JsonSerializer.Deserialize<double[][]>(output) ?? [];
        Assert.Equal(1000, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            (double[] scores, int visible) = cases[i];
            double max = scores.Take(visible).Max();
            double[] exp = [.. scores.Select((score, s) => s < visible ? PortableMath.Exp(score - max) : 0)];
            for (int s = 0; s < exp.Length; s++) Assert.Equal(exp[s] / exp.Sum(), rows[i][s], 1e-12); // 1e-12: last bits of two exp functions
        }
    }

    [NodeFact]
    public void RowOf_FlatArray_FindsLayerHeadAndQuery() => // [2, 2, 2, 3]: layer 1, head 0, query 1 starts at ((1 * 2 + 0) * 2 + 1) * 3 = 15
        Assert.Equal("[15,16,17]\n", Node.Run(EmbeddedText.Read("attention.js")
            + "console.log(JSON.stringify(rowOf(Array.from({ length: 24 }, (_, i) => i), { heads: 2, queries: 2, keys: 3 }, 1, 0, 1)));"));
}
