using System.Text.RegularExpressions;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public class ListenerQuestionsTests
{
    private static readonly TinyTale[] Tales = [.. Tell(TaleSplit.Training, 1500), .. Tell(TaleSplit.HeldOutPlots, 150)];

    private static readonly (TinyTale Tale, TaleQuestion Question)[] Drawn = Draw();

    /// <summary>Who, where and what a free question asks for is said in the tale, or in what is asked about it already (its topic, its summary).</summary>
    [Fact]
    public void FreeQuestions_OfEveryPlot_HaveTheirAnswersInTheTale()
    {
        Assert.Equal(26, Tales.Where(tale => tale.FreeQuestions.Any(question => question.Question != "Where did it happen?")).Select(tale => tale.Plot).Distinct().Count());
        foreach (TinyTale tale in Tales)
            Assert.All(tale.FreeQuestions, question =>
            {
                Assert.Contains(question.Key, question.Answer, StringComparison.OrdinalIgnoreCase);
                if (question.Kind is "who" or "where" or "what") Assert.Contains(question.Key, tale.Text + tale.Topic, StringComparison.OrdinalIgnoreCase);
            });
    }

    [Fact]
    public void FreeQuestions_OfATale_AreNotItsOwnAgain() =>
        Assert.All(Tales, tale => Assert.Distinct(tale.Questions.Concat(tale.FreeQuestions).Select(question => question.Question)));

    /// <summary>Plots by what only they can answer: a listener asks it of all others.</summary>
    [Theory]
    [InlineData("Whose birthday", "SurpriseGift")]
    [InlineData("Who asked the riddle", "Riddle")]
    [InlineData("What did [A-Z][a-z]+ plant", "GrownSeed")]
    [InlineData("What was the prize", "Race")]
    [InlineData("Who got lost", "LostChild")]
    [InlineData("What was [A-Z][a-z]+ afraid of", "OvercomeFear")]
    [InlineData("What was the wish", "WishingFish")]
    [InlineData("What did [A-Z][a-z]+ lose", "LostThing")]
    [InlineData("What did [A-Z][a-z]+ break", "ToldTruth")]
    public void Unanswered_WhatOnePlotTells_IsAskedOfOthersOnly(string question, string plot)
    {
        string[] asked = [.. Drawn.Where(drawn => Regex.IsMatch(drawn.Question.Question, question)).Select(drawn => drawn.Tale.Plot)];
        Assert.InRange(asked.Length, 10, int.MaxValue);
        Assert.DoesNotContain(plot, asked);
    }

    [Fact]
    public void Unanswered_OfATale_IsNoneOfItsQuestions() => Assert.All(Drawn, drawn =>
    {
        Assert.DoesNotContain(drawn.Question.Question, drawn.Tale.Questions.Concat(drawn.Tale.FreeQuestions).Select(question => question.Question));
        Assert.Matches(@"^(The story does not say|There is no [A-Za-z ]+ in the story)\.$", drawn.Question.Answer);
        if (Regex.Match(drawn.Question.Answer, "no (.*) in the story") is { Success: true } absent) Assert.DoesNotContain(absent.Groups[1].Value, drawn.Tale.Text, StringComparison.OrdinalIgnoreCase);
    });

    [Fact]
    public void Answered_AboutHeroAndFriend_IsTrueOfThem() => Assert.All(Tales.Take(400), tale =>
    {
        TaleQuestion[] questions = [.. ListenerQuestions.Answered(tale, new SeededRandom(3))];
        Assert.Contains(questions, question => question.Answer == $"{tale.World.Hero} is {tale.Topic}.");
        Assert.All(questions.Where(question => question.Answer.StartsWith("Yes, ")), question => Assert.Contains(Regex.Match(question.Answer, @"(\w+)\.$").Groups[1].Value, question.Question));
        Assert.All(questions.Where(question => question.Answer.StartsWith("No, ")), question => Assert.EndsWith($" a {tale.World.HeroKind}.", question.Answer));
        Assert.All(questions.Where(question => question.Answer.Contains(" is called ")), question => Assert.Matches($"The ({tale.World.HeroKind} is called {tale.World.Hero}|{tale.World.FriendKind} is called {tale.World.Friend})", question.Answer));
    });

    [Fact]
    public void Answered_TaleWithoutAFriend_SaysThatNothingIsSaidOfOne()
    {
        TinyTale[] alone = [.. Tales.Where(tale => !tale.Text.Contains(tale.World.Friend))];
        Assert.InRange(alone.Length, 100, Tales.Length / 2);
        Assert.All(alone, tale => Assert.Contains(ListenerQuestions.Answered(tale, new SeededRandom(3)),
            question => question.Question == $"Who is {tale.World.Hero}'s friend?" && question.Answer == "The story does not say."));
    }

    /// <summary>Which of two animals is called what is asked twice as often as one question of some twenty would be among the first three, and of both.</summary>
    [Fact]
    public void FreeQuestions_TwoAnimals_AreOftenAskedForByTheirNames()
    {
        SeededRandom random = new(5);
        TinyTale[] two = [.. Tales.Where(tale => tale.World.HeroKind != tale.World.FriendKind && tale.Text.Contains($"{tale.World.Friend} the {tale.World.FriendKind}"))];
        string[][] first = [.. two.Select(tale => TaleTalk.FreeQuestions(tale, random).Take(3).Select(question => question.Answer).ToArray())];
        int hero = first.Where((answers, i) => answers.Contains($"The {two[i].World.HeroKind} is called {two[i].World.Hero}.")).Count();
        int friend = first.Where((answers, i) => answers.Contains($"The {two[i].World.FriendKind} is called {two[i].World.Friend}.")).Count();
        Assert.InRange((double)hero / two.Length, 0.12, 0.4);
        Assert.InRange((double)friend / two.Length, 0.12, 0.4);
    }

    private static (TinyTale Tale, TaleQuestion Question)[] Draw()
    {
        SeededRandom random = new(17);
        return [.. Tales.SelectMany(tale => Enumerable.Range(0, 6), (tale, _) => (tale, ListenerQuestions.Unanswered(tale, random)))];
    }

    private static IEnumerable<TinyTale> Tell(TaleSplit split, int count)
    {
        TinyTalesGenerator generator = new(23, split, isFree: true);
        return Enumerable.Range(0, count).Select(_ => generator.NextTale());
    }
}
