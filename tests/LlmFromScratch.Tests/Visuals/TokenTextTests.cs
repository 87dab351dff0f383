using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

public sealed class TokenTextTests
{
    [Theory]
    [InlineData(" the", "space:·|text:the")]
    [InlineData("a\n\n", "text:a|space:↵↵")]
    [InlineData("\t\u0000\u007f", "space:⇥␀␡")]
    [InlineData("é🙂", "text:é🙂")]
    [InlineData("", "")]
    public void Split_Text_MakesTheInvisibleVisible(string text, string expected) => Assert.Equal(expected, Describe(TokenText.Split(text)));

    [Fact]
    public void Split_HalfASurrogatePair_ShowsTheReplacementCharacter() => // not a theory row: attributes store UTF-8, which has no half pairs
        Assert.Equal("text:\ufffd", Describe(TokenText.Split("\ud800")));

    [Fact]
    public void Split_BrokenCharacter_ShowsItsBytes() => // the first two of the four bytes of U+1F642, then a stray continuation byte
        Assert.Equal("text:a|hex:F0|hex:9F|text:b|hex:80", Describe(TokenText.Split([0x61, 0xF0, 0x9F, 0x62, 0x80])));

    private static string Describe(IEnumerable<TokenText.Part> parts) => string.Join('|', parts.Select(part => $"{part.Kind}:{part.Text}"));
}
