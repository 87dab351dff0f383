namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// The two classifiers of the pipeline, learned when they are first asked for (in about a second) from sentences written for this project (data/filters, CC0-1.0).
/// They are small: data/README.md has their accuracy on sentences held out. What they were never shown, they do not know.
/// </summary>
public static class OwnClassifiers
{
    /// <summary>The class of languages that the classifier of languages tells apart from its own, and not from each other.</summary>
    public const string OtherLanguage = "other";

    /// <summary>The class of sentences that insult, threaten or exclude.</summary>
    public const string Unkind = "unkind";

    private static readonly Lazy<TextClassifier> LanguageClassifier = new(() => TextClassifier.Train(LanguageExamples()));
    private static readonly Lazy<TextClassifier> KindnessClassifier = new(() => TextClassifier.Train(KindnessExamples()));

    /// <summary>Tells German, English, Spanish, French, Italian and Dutch (de, en, es, fr, it, nl) from each other and from other languages.</summary>
    public static TextClassifier Language => LanguageClassifier.Value;

    /// <summary>Tells kind and neutral sentences from unkind ones.</summary>
    public static TextClassifier Kindness => KindnessClassifier.Value;

    /// <summary>The sentences of data/filters/languages.tsv.</summary>
    public static IReadOnlyList<LabelledText> LanguageExamples() => LabelledText.ReadOwn("languages.tsv");

    /// <summary>The sentences of data/filters/kindness.tsv.</summary>
    public static IReadOnlyList<LabelledText> KindnessExamples() => LabelledText.ReadOwn("kindness.tsv");

    /// <summary>Learns from four fifths of the examples and counts how many of the last fifth (every fifth example) are told right.</summary>
    public static (int Right, int Count) HeldOut(IReadOnlyList<LabelledText> examples)
    {
        LabelledText[] learned = [.. examples.Where((_, i) => i % 5 != 4)], heldOut = [.. examples.Where((_, i) => i % 5 == 4)];
        return (TextClassifier.Train(learned).CountRight(heldOut), heldOut.Length);
    }
}
