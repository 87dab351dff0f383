using System.Text.Json;
using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public class DialogueGeneratorTests
{
    private static readonly Dialogue[] Dialogues = Talk(TaleSplit.Training, seed: 5, count: 400);

    [Fact]
    public void Next_SameSeed_GivesTheSameTalks() =>
        Assert.Equal(Talk(TaleSplit.Training, 9, 30).Select(d => d.ToJson()), Talk(TaleSplit.Training, 9, 30).Select(d => d.ToJson()));

    [Fact]
    public void Next_FourHundred_HaveEveryKindAndMostlySeveralTurns()
    {
        Assert.Equal(["reading", "small talk", "story", "world"], Dialogues.Select(d => d.Kind).Distinct().Order());
        Assert.True(Dialogues.Count(d => d.Turns.Count >= 4) > 300);
        Assert.All(Dialogues, d => Assert.InRange(d.ToPlainText().Split(' ').Length, 1, DialogueGenerator.MaxWords + 2 * d.Turns.Count));
    }

    [Fact]
    public void Next_Turns_AlternateAndAreNotEmpty() =>
        Assert.All(Dialogues, d => Assert.All(d.Turns.Index(), turn =>
        {
            Assert.Equal(turn.Index % 2 == 0 ? "user" : "assistant", turn.Item.Role);
            Assert.False(string.IsNullOrWhiteSpace(turn.Item.Content));
        }));

    [Fact]
    public void Next_Questions_StandAtTheEndOfTheUsersMessagesAndTheirAnswersFollow() =>
        Assert.All(Dialogues, d =>
        {
            int at = -1;
            foreach (TaleQuestion question in d.Questions)
            {
                at = Enumerable.Range(at + 1, d.Turns.Count - at - 1).First(i => d.Turns[i].Role == "user" && d.Turns[i].Content.EndsWith(question.Question));
                Assert.Equal(question.Answer, d.Turns[at + 1].Content);
                Assert.Contains(question.Key, question.Answer, StringComparison.OrdinalIgnoreCase);
            }
        });

    [Fact]
    public void Next_WhoAndWhereOfSmallWorlds_AreSaidInTheText() =>
        Assert.All(Dialogues.Where(d => d.Kind == "world").SelectMany(d => d.Questions.Where(q => q.Kind is "who" or "where"), (d, q) => (Text: d.Turns[0].Content, q.Key)),
            pair => Assert.Contains(pair.Key, pair.Text));

    /// <summary>"Molly has a red book." is an answer only as long as it is a sentence of the world; what she was given she has as "the book".</summary>
    [Fact]
    public void Next_WhatSomebodyOfASmallWorldHas_IsSaidInItsOwnWords()
    {
        (string Text, string Answer)[] told = [.. Dialogues.Where(d => d.Kind == "world").SelectMany(d => d.Questions.Where(q => q.Answer.Contains(" has a ")), (d, q) => (d.Turns[0].Content, q.Answer))];
        Assert.InRange(told.Length, 30, int.MaxValue);
        Assert.All(told, pair => Assert.Contains(pair.Answer, pair.Text));
    }

    [Theory]
    [InlineData(100, 0, 0, "story")]
    [InlineData(0, 100, 0, "reading")]
    [InlineData(0, 0, 100, "world")]
    [InlineData(0, 0, 0, "small talk")]
    public void Next_MixOfOneKind_MakesOnlyThat(int stories, int readings, int worlds, string kind)
    {
        DialogueGenerator generator = new(3, mix: new DialogueMix(stories, readings, worlds));
        Assert.All(Enumerable.Range(0, 40).Select(_ => generator.Next()), dialogue => Assert.Equal(kind, dialogue.Kind));
    }

    [Fact]
    public void ToJson_ReadBack_HasMessagesWorldAndKeys()
    {
        Dialogue story = Dialogues.First(d => d.Kind == "story");
        using JsonDocument json = JsonDocument.Parse(story.ToJson());
        JsonElement messages = json.RootElement.GetProperty("messages"), world = json.RootElement.GetProperty("world");
        Assert.Equal(story.Turns[0].Content, messages[0].GetProperty("content").GetString());
        Assert.Equal("user", messages[0].GetProperty("role").GetString());
        Assert.Equal(story.World!.Hero, world.GetProperty("tale").GetProperty("hero").GetString());
        Assert.Equal(story.Questions.Select(q => q.Key), world.GetProperty("questions").EnumerateArray().Select(q => q.GetProperty("key").GetString()));
    }

    [Fact]
    public void ToPlainText_TwoTurns_IsMarkedByHand() =>
        Assert.Equal("Q: Hello!\nA: Hello!", new Dialogue("small talk", [new Turn("user", "Hello!"), new Turn("assistant", "Hello!")], [], null).ToPlainText());

    /// <summary>What listeners say who speak as they like; the answers are those of the world or tale all the same.</summary>
    [Fact]
    public void Next_FreeTalks_AskInManyWordsAndForSecondTales()
    {
        DialogueGenerator generator = new(8, mix: DialogueMix.Questions);
        Dialogue[] talks = [.. Enumerable.Range(0, 600).Select(_ => generator.Next())];
        string[] asked = [.. talks.SelectMany(talk => talk.Questions).Select(question => question.Question)];
        foreach (string part in (string[])[" she", " her ", " his ", " he ", " it?", "And ", "what "]) Assert.Contains(asked, question => question.Contains(part));
        Assert.Contains(talks, talk => talk.Questions.Any(question => question.Question.EndsWith(" like?") && talk.Kind == "world"));
        Assert.Contains(talks, talk => talk.Turns.Count(turn => turn.Role == "assistant" && turn.Content.Contains('\n') && turn.Content.Length > 250) == 2);
        Assert.All(talks.SelectMany(talk => talk.Questions), question => Assert.Contains(question.Key, question.Answer, StringComparison.OrdinalIgnoreCase));
        Assert.All(talks, talk => Assert.DoesNotContain(talk.Turns, turn => turn.Content.Contains('{') || Regex.IsMatch(turn.Content, @"\ba a\b|\bof s?he\b")));
    }

    /// <summary>Whoever tells it and of whom: what the world checker reads back is one world.</summary>
    [Fact]
    public void Next_FreeTalksAboutATale_AskNothingTwiceInTheSameWordsAndSometimesAskForTheWholeFirst()
    {
        DialogueGenerator talks = new(seed: 31, mix: new DialogueMix(Stories: 100, Readings: 0, Worlds: 0, IsFree: true));
        int wholeFirst = 0;
        for (int i = 0; i < 300; i++)
        {
            Dialogue talk = talks.Next();
            string[] unsure = [.. talk.Questions.Where(question => question.Kind != "unknown").Select(question => question.Question)];
            if (talk.Turns.Count(turn => turn.Content.Length > 300) == 1) Assert.Distinct(unsure);
            int tale = talk.Turns.ToList().FindIndex(turn => turn.Content.Length > 300);
            if (talk.Turns.Count > tale + 1 && talk.Turns[tale + 1].Content is "What happened in the story?" or "What was the story about?" or "How does the story end?" or "And the moral?") wholeFirst++;
        }
        Assert.InRange(wholeFirst, 5, 60);
    }

    [Fact]
    public void Next_FreeTales_AreConsistentAndOfManyKinds()
    {
        DialogueGenerator generator = new(6, mix: new DialogueMix(100, 0, 0, IsFree: true));
        Dialogue[] talks = [.. Enumerable.Range(0, 400).Select(_ => generator.Next())];
        Assert.All(talks.SelectMany(talk => talk.Turns).Where(turn => turn.Role == "assistant" && turn.Content.Length > 300), turn =>
        {
            IReadOnlyList<string> problems = WorldChecker.Check(turn.Content).Problems;
            Assert.True(problems.Count == 0, string.Join(", ", problems) + "\n" + turn.Content);
        });
        foreach (string kind in (string[])["girl", "prince", "fox", "dragon"]) Assert.Contains(talks, talk => talk.World!.HeroKind == kind);
    }

    /// <summary>A she, a he or a name that a question of a small world speaks of is one of its people, and the answer is told.</summary>
    [Fact]
    public void Next_FreeWorlds_SayWhatPeopleAre()
    {
        DialogueGenerator generator = new(4, mix: new DialogueMix(0, 0, 100, IsFree: true));
        (string Text, string Answer, string Key)[] told = [.. Enumerable.Range(0, 300).Select(_ => generator.Next())
            .SelectMany(talk => talk.Questions.Where(question => question.Kind is "what" or "who" or "where"), (talk, question) => (talk.Turns[0].Content, question.Answer, question.Key))];
        Assert.InRange(told.Count(pair => pair.Answer.Contains(" is a ") || pair.Answer.Contains(" lives ")), 40, int.MaxValue);
        Assert.All(told.Where(pair => pair.Key != "nothing"), pair => Assert.Contains(pair.Key, pair.Text));
    }

    /// <summary>Who or what is not there is said not to be there; what somebody is like is asked of those, too, of whom it is not told.</summary>
    [Fact]
    public void Next_FreeWorlds_AreAskedForWhatTheyDoNotHave()
    {
        DialogueGenerator generator = new(4, mix: new DialogueMix(0, 0, 100, IsFree: true));
        (string Text, TaleQuestion Question)[] open = [.. Enumerable.Range(0, 300).Select(_ => generator.Next())
            .SelectMany(talk => talk.Questions.Where(question => question.Kind == "unknown"), (talk, question) => (talk.Turns[0].Content, question))];
        Assert.InRange(open.Count(pair => pair.Question.Answer.StartsWith("There is no ")), 40, int.MaxValue);
        Assert.Contains(open, pair => pair.Question.Question.EndsWith(" like?"));
        Assert.All(open.Where(pair => pair.Question.Answer.StartsWith("There is no ")), pair => Assert.DoesNotContain(pair.Question.Key["no ".Length..] + " ", pair.Text.Split('\n')[0]));
    }

    private static Dialogue[] Talk(TaleSplit split, ulong seed, int count)
    {
        DialogueGenerator generator = new(seed, split);
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
    }
}
