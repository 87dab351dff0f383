using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public class FreeWordingTests
{
    private static readonly string[] Pair = ["Lily", "Tom"];

    [Theory]
    [InlineData("Why was Lily sad?", "Why was she sad?")]
    [InlineData("Where does Tom live?", "Where does he live?")]
    [InlineData("Who is Lily's friend?", "Who is her friend?")]
    [InlineData("Who is Tom's friend?", "Who is his friend?")]
    [InlineData("Who gave Tom the seed?", "Who gave him the seed?")]
    [InlineData("What was wrong with Lily?", "What was wrong with her?")]
    [InlineData("What made Tom sad?", "What made him sad?")]
    [InlineData("Who did Tom get the seed from?", "Who did he get the seed from?")]
    [InlineData("Is Tom a boy or a girl?", "Is Tom a boy or a girl?")]
    [InlineData("Who found the kite?", "Who found the kite?")]
    public void WithPronoun_OneName_TakesItsPronoun(string question, string expected) => Assert.Equal(expected, FreeWording.WithPronoun(question, new SeededRandom(1), Pair));

    [Fact]
    public void WithPronoun_TwoOfAKind_KeepTheirNames() =>
        Assert.Equal("What is Lily like?", FreeWording.WithPronoun("What is Lily like?", new SeededRandom(1), ["Lily", "Mia", "Tom"]));

    [Fact]
    public void WithPronoun_TwoNames_GivesOneOfThem()
    {
        string[] asked = [.. Enumerable.Range(1, 40).Select(seed => FreeWording.WithPronoun("What did Tom give Lily?", new SeededRandom((ulong)seed), Pair)).Distinct().Order()];
        Assert.Equal(["What did Tom give her?", "What did he give Lily?"], asked);
    }

    [Theory]
    [InlineData("what", "What did Tom lose?", "Tom lost his kite.", "What did the boy lose?")]
    [InlineData("who", "Who is Tom's friend?", "Lily is Tom's friend.", "Who is the boy's friend?")]
    [InlineData("what", "What is Tom?", "Tom is a boy.", "What is Tom?")]
    [InlineData("unknown", "How old is Tom?", "The story does not say.", "How old is Tom?")]
    public void WithKind_ANameThatTheQuestionIsNotAbout_BecomesTheKind(string kind, string question, string answer, string expected) => Assert.Contains(
        expected, Enumerable.Range(1, 60).Select(seed => FreeWording.WithKind(new TaleQuestion(kind, question, answer, "key"), "Tom", "boy", new SeededRandom((ulong)seed))).Distinct().OrderBy(asked => asked == question).Take(1));

    [Fact]
    public void Of_ManyDraws_AsksInManyWaysAndKeepsTheThing()
    {
        string[] asked = Asked("Who has the apple pie at the end?", spokenOf: null);
        Assert.InRange(asked.Length, 12, 60);
        Assert.Contains("Who has the apple pie at the end?", asked);
        Assert.Contains("Who has the apple pie now?", asked);
        Assert.All(asked, question => Assert.Contains("the apple pie", question));
    }

    [Fact]
    public void Of_WhatHasBeenSpokenOf_CanBeIt() => Assert.Contains("Where was it?", Asked("Where was the kite?", "kite"));

    [Fact]
    public void Of_Names_KeepTheirCapital() =>
        Assert.All(Asked("What is Lily like?", spokenOf: null), question => Assert.DoesNotContain("lily", question, StringComparison.Ordinal));

    private static string[] Asked(string question, string? spokenOf) =>
        [.. Enumerable.Range(1, 400).Select(seed => FreeWording.Of(question, new SeededRandom((ulong)seed), Pair, spokenOf)).Distinct()];
}
