using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Tests.Training.Alignment;

public class ConstitutionTests
{
    private static readonly ChatMessage[] Prompt = [new("user", "Tell me about Tom.")];

    [Theory]
    [InlineData("Tom is stupid.", "Tom is new to this.", "kind")]
    [InlineData("Tom ran home. Then he saw a", "Tom ran home.", "finished")]
    [InlineData("One. Two. Three! Four? Five. Six.", "One. Two. Three! Four?", "short")]
    [InlineData("I hate Tom. He is ugly and", "I do not yet like Tom.", "kind")] // two rules; the first gives the pair its name
    public void Prefer_AnswerThatBreaksARule_IsRevised(string answer, string revised, string rule)
    {
        PreferenceExample? pair = Constitution.ForChildren.Prefer(Prompt, answer);
        Assert.Equal(new PreferenceExample(Prompt, revised, answer, rule), pair);
        Assert.Empty(Constitution.ForChildren.Criticise(revised)); // nothing is left to say
    }

    [Theory]
    [InlineData("Tom ran home.")] // breaks nothing
    [InlineData("and then")] // nothing is left of it
    public void Prefer_NothingToPrefer_MakesNoPair(string answer) => Assert.Null(Constitution.ForChildren.Prefer(Prompt, answer));

    [Fact]
    public void Criticise_UnkindAnswer_SaysWhatIsWrong() =>
        Assert.Equal([("kind", "'stupid' is unkind")], Constitution.ForChildren.Criticise("That was stupid."));
}
