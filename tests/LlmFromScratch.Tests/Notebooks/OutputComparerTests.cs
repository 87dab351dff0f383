using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Checking;

namespace LlmFromScratch.Tests.Notebooks;

public sealed class OutputComparerTests
{
    [Theory]
    [InlineData("{\"y\":[1.0,2]}", "{\"y\":[1.0000005,2.0]}", null)]
    [InlineData("{\"y\":[1.0,2]}", "{\"y\":[1.000002,2]}", "output 1, application/vnd.plotly.v1+json at $.y[0]:\n      expected: 1.0\n      got:      1.000002")]
    [InlineData("{\"y\":0}", "{\"y\":1e-17}", null)]
    [InlineData("{\"y\":[1]}", "{\"y\":[1,2]}", "output 1, application/vnd.plotly.v1+json at $.y:\n      expected: 1 items\n      got:      2 items")]
    [InlineData("{\"a\":1}", "{\"b\":1}", "output 1, application/vnd.plotly.v1+json at $.a:\n      expected: 1\n      got:      nothing")]
    [InlineData("{\"a\":\"x\"}", "{\"a\":\"y\"}", "output 1, application/vnd.plotly.v1+json at $.a:\n      expected: \"x\"\n      got:      \"y\"")]
    [InlineData("{\"a\":null}", "{\"a\":null}", null)]
    public void FindDifference_Json_ComparesNumbersWithTolerance(string stored, string computed, string? difference) =>
        Assert.Equal(difference, OutputComparer.FindDifference(Display("application/vnd.plotly.v1+json", JsonNode.Parse(stored)), Display("application/vnd.plotly.v1+json", JsonNode.Parse(computed))));

    [Fact]
    public void FindDifference_HtmlInOneString_EqualsTheSameInLines() =>
        Assert.Null(OutputComparer.FindDifference(Display("text/html", "a\nb"), Display("text/html", new JsonArray("a\n", "b"))));

    [Fact]
    public void FindDifference_NumberInText_IsExact() => Assert.Equal(
        "output 1, text/plain, line 2:\n      expected: 1.0000001\n      got:      1.0000002",
        OutputComparer.FindDifference(Display("text/plain", "x\n1.0000001"), Display("text/plain", "x\n1.0000002")));

    [Fact]
    public void FindDifference_MissingMimeType_IsNamed() => Assert.Equal(
        "output 1, image/svg+xml: expected it to be there, got an output without it",
        OutputComparer.FindDifference(new JsonArray(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["image/svg+xml"] = "<svg/>", ["text/plain"] = "x" } }), Display("text/plain", "x")));

    [Fact]
    public void FindDifference_OtherNumberOfOutputs_ListsTheKinds() => Assert.Equal(
        "expected 1 output [display_data], got 0 outputs []", OutputComparer.FindDifference(Display("text/plain", "x"), []));

    private static JsonArray Display(string mimeType, JsonNode? content) =>
        [new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { [mimeType] = content } }];
}
