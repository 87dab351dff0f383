using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Formatting;

namespace LlmFromScratch.Tests.Notebooks;

public sealed class RichFormatterTests
{
    [Fact]
    public void Format_TypeWithConventionAttribute_GivesThePreferredBundle()
    {
        JsonObject data = new RichFormatter().Format(new LoudFigure());
        Assert.Equal(["application/x-figure+json", "text/html", "text/plain"], data.Select(entry => entry.Key));
        Assert.Equal(3, (int)data["application/x-figure+json"]!["bars"]!);
        Assert.Equal("<b>3 bars</b>", (string?)data["text/html"]![0]);
        Assert.Equal("3 bars", (string?)data["text/plain"]![0]);
    }

    [Fact]
    public void Format_AttributeOnInterface_IsFound() => Assert.True(new RichFormatter().Format(new Marked()).ContainsKey("text/html"));

    [Fact]
    public void Format_FormatterThatDeclines_LeavesThePlainText() =>
        Assert.Equal("""{"text/plain":["silent"]}""", new RichFormatter().Format(new SilentFigure()).ToJsonString());

    [Fact]
    public void Format_JsonThatIsNone_Throws() =>
        Assert.Contains("must write JSON", Assert.Throws<InvalidDataException>(() => new RichFormatter().Format(new BrokenFigure())).Message);

    [Theory]
    [MemberData(nameof(PlainValues))]
    public void PlainText_Value_IsReadable(object? value, string expected) => Assert.Equal(expected, PlainText.Format(value));

    public static TheoryData<object?, string> PlainValues() => new()
    {
        { null, "null" },
        { "raw \"text\"", "raw \"text\"" },
        { 1234.5, "1234.5" },
        { 0.1f, "0.1" },
        { new[] { 1, 2, 3 }, "int[3] { 1, 2, 3 }" },
        { new[,] { { 1, 2, 3 }, { 4, 5, 6 } }, "int[2, 3] { 1, 2, 3, 4, 5, 6 }" },
        { new List<string> { "a", "b" }, "List<string>(2) { \"a\", \"b\" }" },
        { Enumerable.Range(0, 3).Select(i => i * 0.5), "IEnumerable<double> { 0, 0.5, 1 }" },
        { new int[0], "int[0] { }" },
        { Enumerable.Range(0, 25).ToList(), "List<int>(25) { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, ... 5 more }" },
        { new Dictionary<string, int> { ["a"] = 1 }, "Dictionary<string, int>(1) { [a, 1] }" },
        { (1, "x"), "(1, x)" },
    };

    private class Figure(string text)
    {
        public override string ToString() => text;
    }

    [TypeFormatterSource(typeof(FigureFormatters), "application/x-figure+json", "text/html")]
    private class AnyFigure(string text) : Figure(text);

    private sealed class LoudFigure() : AnyFigure("3 bars");

    private sealed class SilentFigure() : AnyFigure("silent");

    private sealed class BrokenFigure() : AnyFigure("broken");

    [TypeFormatterSource(typeof(FigureFormatters), "text/html")]
    private interface IMarked;

    private sealed class Marked : IMarked;

    /// <summary>Only its simple name and its two properties matter to the runner.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
    private sealed class TypeFormatterSourceAttribute(Type formatterSourceType, params string[] preferredMimeTypes) : Attribute
    {
        public Type FormatterSourceType { get; } = formatterSourceType;

        public string[] PreferredMimeTypes { get; } = preferredMimeTypes;
    }

    private sealed class FigureFormatters
    {
        public IEnumerable<object> CreateTypeFormatters() => [new OneFormatter("text/html", "<b>{0}</b>"), new OneFormatter("application/x-figure+json", "{\"bars\": 3}")];
    }

    private sealed class OneFormatter(string mimeType, string pattern)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object value, TextWriter writer)
        {
            if (value is SilentFigure)
                return false;
            writer.Write(value is BrokenFigure ? "{" : pattern.Replace("{0}", value.ToString()));
            return true;
        }
    }
}
