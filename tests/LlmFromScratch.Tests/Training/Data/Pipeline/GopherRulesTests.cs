using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class GopherRulesTests
{
    private const string Seven = "one two three four five six seven", Alphabet = "alpha bravo charlie delta echo foxtrot golf";
    private const string Prose = "The fox ran to the wood, and the hare that lived there was afraid of it. So they made a plan with the owl.";

    [Fact]
    public void Statistics_SmallText_AreTheHandCountedOnes()
    {
        DocumentStatistics text = new("- the # cat...\n* 12 of\nend…");
        Assert.Equal(8, text.WordCount); // - the # cat... * 12 of end…
        Assert.Equal(20.0 / 8, text.MeanWordLength); // 1 + 3 + 1 + 6 + 1 + 2 + 2 + 4
        Assert.Equal((1.0 / 8, 2.0 / 8), (text.HashRatio, text.EllipsisRatio));
        Assert.Equal((2.0 / 3, 2.0 / 3), (text.BulletLineShare, text.EllipsisLineShare));
        Assert.Equal(4.0 / 8, text.LetterWordShare); // the, cat..., of, end…
        Assert.Equal(2, text.StopWordCount); // the, of
    }

    [Fact]
    public void Statistics_RepeatedLinesAndParagraphs_CountBeyondTheFirst()
    {
        DocumentStatistics text = new("aa\nbb\n\naa\nbb\n\ncccc");
        Assert.Equal((2.0 / 5, 4.0 / 12), (text.DuplicateLineShare, text.DuplicateLineCharacterShare));
        Assert.Equal((1.0 / 3, 5.0 / 14), (text.DuplicateParagraphShare, text.DuplicateParagraphCharacterShare)); // a paragraph "aa\nbb" has 5 characters
    }

    [Fact]
    public void Statistics_Grams_CoverEachCharacterOnce()
    {
        DocumentStatistics text = new("a bb a bb a ccc"); // 10 characters; "a bb" and "bb a" occur twice
        Assert.Equal(6.0 / 10, text.TopGramShare(2)); // "a bb" covers a bb a bb; "bb a" as much
        Assert.Equal(4.0 / 10, text.DuplicateGramShare(2)); // the second "a bb" and the second "bb a": a bb a
        Assert.Equal(4.0 / 10, text.DuplicateGramShare(3)); // the second "a bb a"
        Assert.Equal(0, text.TopGramShare(4));
    }

    [Fact]
    public void Statistics_EmptyText_IsZeroEverywhere()
    {
        DocumentStatistics text = new("");
        foreach (QualityRule rule in GopherRules.Quality().Concat(GopherRules.Repetition)) Assert.Equal(0, rule.Measure(text));
    }

    // Each text breaks the rule that is named, and of its list no other before it.
    public static TheoryData<string, string> Labelled => new()
    {
        { "word count", string.Join(' ', Enumerable.Repeat("word", 49)) },
        { "mean word length", string.Join(' ', Enumerable.Range(0, 60).Select(i => $"{(char)('a' + i % 26)}")) },
        { "mean word length", string.Join(' ', Enumerable.Repeat("incomprehensibilities", 60)) },
        { "hash signs", Long("tag#s are") },
        { "ellipses", Long("and so on...") },
        { "bullet lines", string.Join('\n', Enumerable.Range(0, 20).Select(i => $"- Something interesting happened at number{i}")) },
        { "lines ending with an ellipsis", string.Join('\n', Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? Prose : "Read the whole story on the next page of this book...")) },
        { "words with a letter", string.Concat(Enumerable.Repeat("The price was 1200 1300 1400 ", 20)) },
        { "stop words", string.Join(' ', Enumerable.Repeat("le renard courait vers une forêt", 12)) },
    };

    [Theory]
    [MemberData(nameof(Labelled))]
    public void Quality_LabelledText_BreaksThatRule(string rule, string text)
    {
        (string[] kept, FunnelRow row) = Documents.Through(new QualityFilter("quality", [.. GopherRules.Quality(), GopherRules.StopWords]), text);
        Assert.Empty(kept);
        Assert.Equal([rule], row.Notes.Keys);
    }

    public static TheoryData<string, string> Repetitive => new()
    {
        { "duplicate lines", string.Join('\n', Different(8, 40).Concat(Enumerable.Repeat("so it goes", 5))) }, // 4 of 13 lines
        { "duplicate paragraphs", string.Join("\n\n", Different(8, 3).Select(line => $"{line}\n{line[1..]}\n{line[2..]}").Concat(Enumerable.Repeat("so\nit goes", 5))) }, // 4 of 13
        { "characters in duplicate lines", string.Join('\n', Different(9, 6).Concat(Enumerable.Repeat(string.Join(' ', Different(1, 40)), 2))) },
        { "top 2-gram", string.Join(' ', Different(30, 1).Select(word => $"{word} alpha bravo")) },
        // 27 + 37 of 385 characters stand in sevens of words that were there before.
        { "duplicate 5-grams", string.Join(' ', [.. Different(1, 20), Seven, .. Different(1, 20, "z"), Seven, .. Different(1, 9, "y"), Alphabet, "hotel", .. Different(1, 9, "x"), Alphabet]) },
    };

    [Theory]
    [MemberData(nameof(Repetitive))]
    public void Repetition_LabelledText_BreaksThatRule(string rule, string text)
    {
        (string[] kept, FunnelRow row) = Documents.Through(new QualityFilter("repetition", GopherRules.Repetition), text);
        Assert.Empty(kept);
        Assert.Equal([rule], row.Notes.Keys);
    }

    [Fact]
    public void Rules_GoodProse_PassesAll()
    {
        string tales = File.ReadAllText(Path.Combine(TestData.SolutionFolder, "data", "early-tales-sample.txt")).Split("<|endoftext|>")[1].Trim();
        DocumentStatistics statistics = new(tales);
        foreach (QualityRule rule in GopherRules.Quality().Append(GopherRules.StopWords).Concat(GopherRules.Repetition))
            Assert.True(rule.Passes(statistics), $"{rule.Name} is {rule.Measure(statistics)}");
    }

    [Fact]
    public void Rules_EachNamed_SaysItsSource()
    {
        QualityRule[] rules = [.. GopherRules.Quality(), GopherRules.StopWords, .. GopherRules.Repetition];
        Assert.Equal(rules.Length, rules.Select(rule => rule.Name).Distinct().Count());
        Assert.All(rules, rule => Assert.StartsWith("Rae et al. 2021", rule.Source));
        Assert.Equal(20, GopherRules.Quality(20)[0].Least);
    }

    // Sixty words: prose with something among it.
    private static string Long(string among) => string.Join(' ', Enumerable.Repeat($"the old man {among}", 15));

    // Lines of different words.
    private static IEnumerable<string> Different(int lines, int words, string start = "w") =>
        Enumerable.Range(0, lines).Select(line => string.Join(' ', Enumerable.Range(0, words).Select(word => $"{start}{line}q{word}")));
}
