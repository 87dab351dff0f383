using LlmFromScratch.Course;
using LlmFromScratch.Tests.Visuals;

namespace LlmFromScratch.Tests.Course;

public class CheckResultTests
{
    [Fact]
    public void Result_InANotebook_HasHtmlAndTextThatBeginsWithTheMark()
    {
        var result = new CheckResult("6.3", "Attention", CheckOutcome.Failed, "case “a < b”: expected 1, got 2") { FailingCall = "Mix(a: [1, 2],\n  b: 3 < 4)", LikelyCause = "the scale.", Remarks = ["3 of 4."] };
        IReadOnlyDictionary<string, string> forms = ConventionFormatters.Render(result);
        Assert.Equal(["text/html", "text/plain"], ConventionFormatters.Preferred(result));
        Assert.StartsWith("✗ 6.3  Attention: case", forms["text/plain"]);
        Assert.Contains("a &lt; b", forms["text/html"]);
        Assert.Contains("aria-label=\"Exercise 6.3: not right yet\"", forms["text/html"]);
        Assert.Contains("Likely cause:</strong> the scale.", forms["text/html"]);
        Assert.Contains("\n  The case: Mix(a: [1, 2],\n    b: 3 < 4)\n  Likely cause: the scale.\n", forms["text/plain"]);
        Assert.Contains("white-space:pre-wrap;overflow-wrap:anywhere\">Mix(a: [1, 2],\n  b: 3 &lt; 4)</code>", forms["text/html"]);
        Assert.DoesNotContain("<script", forms["text/html"]);
    }

    [Theory]
    [InlineData(CheckOutcome.Passed, '✓')]
    [InlineData(CheckOutcome.Failed, '✗')]
    [InlineData(CheckOutcome.NotDone, '○')]
    public void Result_EachOutcome_HasItsMark(CheckOutcome outcome, char mark) =>
        Assert.Equal(mark, new CheckResult("1.1", "t", outcome, "f").ToString()[0]);
}
