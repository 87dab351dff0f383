using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public class ToldTaleTests
{
    [Fact]
    public void NameOfHero_TalesOfTheGrammar_IsTheirHeroAsTheirWorldHasIt()
    {
        TinyTalesGenerator generator = new(seed: 41, isFree: true);
        int asked = 0;
        for (int i = 0; i < 600; i++)
        {
            TinyTale tale = generator.NextTale();
            TaleQuestion[] questions = ToldTale.NameOfHero(tale.Text);
            if (tale.World.HeroKind is "girl" or "boy" or "prince" or "princess") Assert.Empty(questions);
            if (questions.Length > 0) asked++;
            Assert.All(questions, question =>
            {
                Assert.Equal($"The {tale.World.HeroKind} is called {tale.World.Hero}.", question.Answer);
                Assert.Contains(tale.World.HeroKind, question.Question);
            });
        }
        Assert.InRange(asked, 60, 400);
    }

    [Theory, InlineData(""), InlineData("Hello! I am glad that you are here."), InlineData("Once upon a time, a fox named Dot lived alone. Dot slept."),
        InlineData("A fox named Dot met her friend Hugo the fox."), InlineData("A girl named Mia met her friend Hugo the bear.")]
    public void NameOfHero_NoTaleOfTwoAnimals_IsNothing(string text) => Assert.Empty(ToldTale.NameOfHero(text));
}
