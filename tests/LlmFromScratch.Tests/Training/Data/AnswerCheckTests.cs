using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public class AnswerCheckTests
{
    private static readonly TaleQuestion Who = new("who", "Who found the kite?", "Tom found the kite.", "Tom");
    private static readonly TaleQuestion Where = new("where", "Where was the kite?", "The kite was under a bench.", "under a bench");

    [Theory]
    [InlineData("Tom found the kite.", true)]
    [InlineData("tom", true)]
    [InlineData("It was Tom!", true)]
    [InlineData("Lily found the kite.", false)]
    [InlineData("Tom and Lily found the kite.", false)] // Lily did not
    [InlineData("Tommy found it.", false)]
    [InlineData("", false)]
    [InlineData("Tom found the kite. Then they all went home, and there was soup and bread and cake for everybody who came.", false)]
    public void IsRight_Who_NeedsTheNameAndNoOther(string answer, bool right) => Assert.Equal(right, AnswerCheck.IsRight(Who, answer));

    [Theory]
    [InlineData("It was under a bench.", true)]
    [InlineData("The kite was behind a tree.", false)]
    public void IsRight_Where_NeedsTheSpot(string answer, bool right) => Assert.Equal(right, AnswerCheck.IsRight(Where, answer));

    [Theory]
    [InlineData("No, Zoe is a girl.", true)]
    [InlineData("no", true)]
    [InlineData("No, she is a girl.", true)]
    [InlineData("No, Zoe is aPeople.", false)]
    [InlineData("No, Zoe is a dragon.", false)]
    [InlineData("Yes, Zoe is a girl.", false)]
    [InlineData("Zoe, no, is a girl.", false)]
    public void IsRight_No_NeedsTheReasonToo(string answer, bool right) =>
        Assert.Equal(right, AnswerCheck.IsRight(new TaleQuestion("is", "Is Zoe a boy?", "No, Zoe is a girl.", "No"), answer));

    [Fact]
    public void IsRight_NameWithinAnother_IsAnotherName()
    {
        TaleQuestion question = new("whose", "Whose hat was it?", "It was Benny's hat.", "hat");
        Assert.True(AnswerCheck.IsRight(question, "It was Benny's hat."));
        Assert.False(AnswerCheck.IsRight(question, "It was Ben's hat."));
    }

    [Theory]
    [InlineData("Tom and Lily have the kite.", "Tom", true)] // right or not, the key stands there
    [InlineData("tomorrow", "Tom", false)] // whole words only
    [InlineData("It is BY the pond!", "by the pond", true)]
    [InlineData("It is by a pond.", "by the pond", false)]
    public void HasKey_Words_StandThereSideBySide(string answer, string key, bool has) => Assert.Equal(has, AnswerCheck.HasKey(Who with { Key = key }, answer));

    [Fact]
    public void IsRight_ExpectedAnswers_AllAre()
    {
        TinyTalesGenerator generator = new(41);
        Assert.All(Enumerable.Range(0, 100).SelectMany(_ => generator.NextTale().Questions), question => Assert.True(AnswerCheck.IsRight(question, question.Answer), question.ToString()));
    }
}
