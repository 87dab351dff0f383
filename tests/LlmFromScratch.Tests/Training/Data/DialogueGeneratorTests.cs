using System.Text.Json;
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

    private static Dialogue[] Talk(TaleSplit split, ulong seed, int count)
    {
        DialogueGenerator generator = new(seed, split);
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
    }
}
