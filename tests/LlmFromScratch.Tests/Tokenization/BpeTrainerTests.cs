using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization;

public class BpeTrainerTests
{
    [Fact]
    public void Train_TinyCorpus_LearnsTheMergesWorkedByHand()
    {
        // Words: "low" x2, " lower" x1, " low" x1, so "lo" 4, "ow" 4, " l" 2, "we" 1, "er" 1.
        // 1. lo and ow tie at 4: the smaller left id is 'l' (108 < 111): lo = 256. Now "lo w" 4.
        // 2. (lo, w) 4 -> low = 257. Now (' ', low) 2. 3. -> " low" = 258. Then (e, r), (low...) tie at 1: the smallest left id is 'e': er = 259.
        ByteLevelBpeTokenizer tokenizer = Train(260, "low", "low lower low");
        Assert.Equal([new('l', 'o', 256), new(256, 'w', 257), new(' ', 257, 258), new('e', 'r', 259)], tokenizer.Merges.ToArray());
        Assert.Equal([258, 259], tokenizer.Encode(" lower"));
    }

    [Fact]
    public void Train_TieOnTheLeftId_TakesTheSmallerRightId() =>
        Assert.Equal([new('a', 'x', 256)], Train(257, "az", "ax").Merges.ToArray());

    [Fact]
    public void Train_RunOfOneLetter_CountsEveryNeighbour() =>
        // "aaaa" has three pairs (a, a); "bc" twice has two. aa = 256 leaves [256, 256].
        Assert.Equal([new('a', 'a', 256), new('b', 'c', 257), new(256, 256, 258)], Train(259, "aaaa", "bc", "bc").Merges.ToArray());

    [Fact]
    public void Train_AnyTexts_EqualsThePlainDefinition()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text => Train(330, text).Merges.SequenceEqual(PlainMerges(330, text).ToArray())));
        string longer = string.Concat(Enumerable.Range(0, 400).Select(i => $" {i * i % 97} the cat{(i % 3 == 0 ? "s" : "'ll")} sat, aaab{new string('a', i % 7)}"));
        Assert.Equal(PlainMerges(420, longer), Train(420, longer).Merges.ToArray());
    }

    [Fact]
    public void Train_OrderOfTexts_DoesNotMatter() =>
        Assert.Equal(Train(300, "one two", "two three", "xyz").Merges.ToArray(), Train(300, "xyz", "two three", "one two").Merges.ToArray());

    [Fact]
    public void Train_ControlTokens_GetTheLastIdsAndAreNeverProduced()
    {
        BpeTrainingOptions options = new() { VocabSize = 280, ControlTokens = ["<|bos|>", "<|eos|>"], BeginOfSequence = "<|bos|>", EndOfSequence = "<|eos|>" };
        ByteLevelBpeTokenizer tokenizer = new BpeTrainer(options).Train([string.Concat(Enumerable.Repeat("a <|eos|> quick brown fox jumps over it. ", 9))]);
        Assert.Equal((280, 278, 279, true),
            (tokenizer.VocabSize, tokenizer.SpecialTokens.BeginOfSequence, tokenizer.SpecialTokens.EndOfSequence, tokenizer.SpecialTokens.AddBeginOfSequence));
        Assert.DoesNotContain(279, tokenizer.Encode("a <|eos|>"));
        Assert.True(tokenizer.GetBytes(279).IsEmpty);
    }

    [Fact]
    public void Train_TooSmallCorpus_GivesASmallerVocabulary() => Assert.Equal(257, Train(1000, "ab").VocabSize);

    [Fact]
    public void Train_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        StopAfter progress = new(3, source);
        Assert.Throws<OperationCanceledException>(() =>
            new BpeTrainer(new BpeTrainingOptions { VocabSize = 300 }).Train(["abcdefghijklmnop"], progress, source.Token));
        Assert.Equal(3, progress.Merges.Count);
        Assert.Equal((257, 300, new BpeMerge('a', 'b', 256), 1L),
            (progress.Merges[0].VocabSize, progress.Merges[0].TargetVocabSize, progress.Merges[0].Merge, progress.Merges[0].Count));
    }

    [Fact]
    public void Constructor_OptionsThatCannotBeMet_AreRefused()
    {
        Assert.Contains("expected at least 257", Assert.Throws<ArgumentException>(() => new BpeTrainer(new() { VocabSize = 256, ControlTokens = ["x"] })).Message);
        Assert.Throws<ArgumentException>(() => new BpeTrainer(new() { VocabSize = 300, EndOfSequence = "x" }));
        Assert.Throws<ArgumentException>(() => new BpeTrainer(new() { VocabSize = 300, ControlTokens = ["x", "x"] }));
    }

    private static ByteLevelBpeTokenizer Train(int vocabSize, params string[] texts) => new BpeTrainer(new BpeTrainingOptions { VocabSize = vocabSize }).Train(texts);

    /// <summary>The definition: count every pair of every word anew, take the best, rewrite every word.</summary>
    private static List<BpeMerge> PlainMerges(int vocabSize, string text)
    {
        List<List<int>> words = [];
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int start = 0;
        foreach (int end in PreTokenizer.Gpt2.Split(bytes))
        {
            words.Add([.. bytes[start..end].Select(value => (int)value)]);
            start = end;
        }
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(value => ((char)value).ToString())];
        List<BpeMerge> merges = [];
        while (tokens.Count < vocabSize)
        {
            (int Left, int Right)[] pairs = words.SelectMany(word => word.Zip(word.Skip(1))).ToArray();
            if (pairs.Length == 0) break;
            (int left, int right) = pairs.GroupBy(pair => pair).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Left).ThenBy(g => g.Key.Right).First().Key;
            string merged = tokens[left] + tokens[right];
            if (!tokens.Contains(merged)) tokens.Add(merged);
            merges.Add(new BpeMerge(left, right, tokens.IndexOf(merged)));
            foreach (List<int> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] != left || word[i + 1] != right) continue;
                    word[i] = merges[^1].Id;
                    word.RemoveAt(i + 1);
                }
            }
        }
        return merges;
    }

    private sealed class StopAfter(int count, CancellationTokenSource source) : IProgress<BpeTrainingProgress>
    {
        public List<BpeTrainingProgress> Merges { get; } = [];

        public void Report(BpeTrainingProgress value)
        {
            Merges.Add(value);
            if (Merges.Count == count) source.Cancel();
        }
    }
}
