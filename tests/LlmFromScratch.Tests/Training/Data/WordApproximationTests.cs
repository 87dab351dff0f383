using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public sealed class WordApproximationTests
{
    private static readonly HashSet<string> Known = [.. new TinyTalesGenerator(5).Stories(2_000_000).SelectMany(Words)];

    [Fact]
    public void Next_SameSeed_SameTexts() =>
        Assert.Equal(Texts(seed: 3, 20), Texts(seed: 3, 20));

    [Fact]
    public void Next_IsOfKnownWords_ButOfFewKnownSentences()
    {
        HashSet<string> told = [.. new TinyTalesGenerator(5).Stories(2_000_000).SelectMany(Sentences)];
        string[] texts = Texts(seed: 4, 300), sentences = [.. texts.SelectMany(Sentences)], words = [.. texts.SelectMany(Words)];
        Assert.InRange(words.Count(Known.Contains) / (double)words.Length, 0.99, 1);
        Assert.InRange(sentences.Count(told.Contains) / (double)sentences.Length, 0.05, 0.5);
    }

    [Fact]
    public void Next_HasOneSheAndOneHeAndTheLengthOfATale()
    {
        foreach (string text in Texts(seed: 5, 300))
        {
            Assert.InRange(text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length, 40, 170);
            string[] names = [.. Regex.Matches(text, "[A-Z][a-z]+").Select(match => match.Value).Where(TaleReading.Names.ContainsKey).Distinct()];
            Assert.InRange(names.Length, 0, 2);
            Assert.Equal(names.Length, names.Select(name => TaleReading.Names[name]).Distinct().Count());
        }
    }

    [Fact]
    public void Corpus_BeginsWithWorldsAndEndsWithTalesThatMakeSense()
    {
        Func<long, string> next = TalesBaseCorpus.Start(new CorpusRequest(1, 1_000_000, TaleSplit.Training));
        Assert.All(Tales(995_000), text => Assert.True(WorldChecker.Check(text).IsConsistent, text)); // what a run is measured on makes sense
        string[] learnt = Tales(500_000);
        Assert.InRange(learnt.Count(text => WorldChecker.Check(text).IsConsistent) / (double)learnt.Length, 0.6, 0.85); // 30 tales to 12 approximations
        Assert.Empty(Tales(5_000)); // it begins with worlds alone

        string[] Tales(long written) => [.. Enumerable.Range(0, 400).Select(_ => next(written)).Where(text => !text.Contains("A:", StringComparison.Ordinal))];
    }

    private static string[] Texts(ulong seed, int count)
    {
        WordApproximation approximation = new(seed, TaleSplit.Training);
        return [.. Enumerable.Range(0, count).Select(_ => approximation.Next())];
    }

    private static IEnumerable<string> Words(string text) => Regex.Matches(text, "[A-Za-z]+").Select(match => match.Value.ToLowerInvariant());

    private static IEnumerable<string> Sentences(string text) => Regex.Split(text, "(?<=[.!?]) ").Select(sentence => Regex.Replace(sentence, "[A-Z][a-z]+", "N"));
}
