using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Evaluation;

namespace LlmFromScratch.Tests.Training.Data;

public class ListenerRulesTests
{
    private const string Middle = "Pip had a red kite. He flew it every day. One day it was gone.\nPip cried. \"Can you see it?\" he asked.\nThen Dot found it. Pip was glad. They went home.";

    [Theory]
    [InlineData("Do you know Pip? He was a fox. " + Middle, true, false)]
    [InlineData("There was once a fox called Pip. He lived in a house. " + Middle, false, false)]
    [InlineData("There was once a fox called Pip. He lived in a house. " + Middle + " And that is the end of the story.", false, false)]
    [InlineData("There was once a fox called Pip. He lived in a house. Pip lost his kite.\nCan you guess where? He looked. It was under a log.\nPip was glad. He sang.", false, true)]
    [InlineData("There was once a fox called Pip. He lived in a house. Pip lost his kite.\n\"Can you help me?\" he asked. It was under a log.\nPip was glad. He sang.", false, false)]
    public void BothRules_LookAtTheTellersWordsOnly(string tale, bool atTheBeginning, bool between)
    {
        Assert.Equal(atTheBeginning, ListenerRules.AtTheBeginning(tale));
        Assert.Equal(between, ListenerRules.Between(tale));
    }

    [Fact]
    public void FreeTalks_TalesThatBeginWithTheListener_TurnToHimLater()
    {
        DialogueGenerator talks = new(3, mix: new DialogueMix(100, 0, 0, IsFree: true));
        string[] tales = [.. Enumerable.Range(0, 300).SelectMany(_ => talks.Next().Turns).Where(turn => turn.Role == "assistant" && turn.Content.Length > 300).Select(turn => turn.Content)];
        string[] near = [.. tales.Where(ListenerRules.AtTheBeginning)], others = [.. tales.Where(tale => !ListenerRules.AtTheBeginning(tale))];
        Assert.InRange(near.Length / (double)tales.Length, 0.1, 0.4);
        Assert.InRange(near.Count(AnswerRules.TurnsToTheListener) / (double)near.Length, 0.7, 1);
        Assert.InRange(others.Count(AnswerRules.TurnsToTheListener) / (double)others.Length, 0, 0.4); // some of the same teller's, who began otherwise
    }
}
