using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Chapters.Ch03_BytePairEncoding;

/// <summary>The chapter's corpus: the sample of tiny tales, cut as the notebook cuts it.</summary>
internal static class Tales
{
    public const string EndOfText = "<|endoftext|>";

    public static string Text { get; } =
        File.ReadAllText(Path.Combine(TestData.SolutionFolder, "data", "early-tales-sample.txt")).Replace(EndOfText + "\n", "");

    /// <summary>The nine tenths that vocabularies are learned from.</summary>
    public static string Known { get; } = Text[..(Text.Length * 9 / 10)];

    /// <summary>The tenth that stays unseen.</summary>
    public static string Fresh { get; } = Text[(Text.Length * 9 / 10)..];

    /// <summary>A vocabulary of 300 merges.</summary>
    public static ByteLevelBpeTokenizer Tokenizer { get; } = Train(556, Known);

    public static ByteLevelBpeTokenizer Train(int vocabSize, params string[] texts) =>
        new BpeTrainer(new BpeTrainingOptions { VocabSize = vocabSize }).Train(texts);
}
