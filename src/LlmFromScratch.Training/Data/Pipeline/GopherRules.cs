namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// The rules by which the text of Gopher was chosen. Source: Rae et al. 2021, "Scaling Language Models: Methods, Analysis and Insights from Training Gopher",
/// appendix A.1.1.
/// </summary>
public static class GopherRules
{
    /// <summary>The least number of words that the paper asks for.</summary>
    public const int LeastWords = 50;

    private const string QualitySource = "Rae et al. 2021, A.1.1, quality filtering";
    private const string RepetitionSource = "Rae et al. 2021, A.1.1, table A1";

    /// <summary>The rules of quality that hold in any language.</summary>
    /// <param name="leastWords">50 in the paper; less for paragraphs and tales for the young.</param>
    public static IReadOnlyList<QualityRule> Quality(int leastWords = LeastWords) =>
    [
        new("word count", QualitySource, leastWords, 100_000, text => text.WordCount),
        new("mean word length", QualitySource, 3, 10, text => text.MeanWordLength),
        new("hash signs", QualitySource, 0, 0.1, text => text.HashRatio),
        new("ellipses", QualitySource, 0, 0.1, text => text.EllipsisRatio),
        new("bullet lines", QualitySource, 0, 0.9, text => text.BulletLineShare),
        new("lines ending with an ellipsis", QualitySource, 0, 0.3, text => text.EllipsisLineShare),
        new("words with a letter", QualitySource, 0.8, 1, text => text.LetterWordShare),
    ];

    /// <summary>At least two of eight frequent English words.</summary>
    public static QualityRule StopWords { get; } = new("stop words", QualitySource, 2, double.PositiveInfinity, text => text.StopWordCount);

    /// <summary>The rules on repetition: lines and paragraphs that return, the n-gram that is most frequent, n-grams that return.</summary>
    public static IReadOnlyList<QualityRule> Repetition { get; } =
    [
        new("duplicate lines", RepetitionSource, 0, 0.30, text => text.DuplicateLineShare),
        new("duplicate paragraphs", RepetitionSource, 0, 0.30, text => text.DuplicateParagraphShare),
        new("characters in duplicate lines", RepetitionSource, 0, 0.20, text => text.DuplicateLineCharacterShare),
        new("characters in duplicate paragraphs", RepetitionSource, 0, 0.20, text => text.DuplicateParagraphCharacterShare),
        TopGram(2, 0.20), TopGram(3, 0.18), TopGram(4, 0.16),
        DuplicateGrams(5, 0.15), DuplicateGrams(6, 0.14), DuplicateGrams(7, 0.13), DuplicateGrams(8, 0.12), DuplicateGrams(9, 0.11), DuplicateGrams(10, 0.10),
    ];

    private static QualityRule TopGram(int n, double most) => new($"top {n}-gram", RepetitionSource, 0, most, text => text.TopGramShare(n));

    private static QualityRule DuplicateGrams(int n, double most) => new($"duplicate {n}-grams", RepetitionSource, 0, most, text => text.DuplicateGramShare(n));
}
