using LlmFromScratch.Course.Chapters.Ch03;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Chapters.Ch03_BytePairEncoding;

/// <summary>Checklist D1 and D9, erratum X25: training, its tie rule, and the size of the vocabulary.</summary>
[Trait("Chapter", "03")]
public class TrainerTests
{
    private static readonly Func<int[][], int[], (int Left, int Right, int Count)> MostFrequentPair =
        (Func<int[][], int[], (int Left, int Right, int Count)>)new MostFrequentPairExercise().CreateSolution();

    [Fact]
    public void Train_OnTheSample_EqualsTheNaiveTrainer() => Assert.Equal(NaiveTrain(Tales.Known, 200), Tales.Tokenizer.Merges[..200].ToArray());

    [Fact]
    public void Train_EquallyFrequentPairs_TakesTheSmallerIds()
    {
        // b c and a b stand once each: a < b decides. Then ab c is the only pair.
        BpeMerge[] merges = Tales.Train(258, "bc", "ab", "x").Merges.ToArray();
        Assert.Equal([new BpeMerge('a', 'b', 256), new BpeMerge('b', 'c', 257)], merges);
        // The same left id: c < d decides.
        Assert.Equal([new BpeMerge('a', 'c', 256)], Tales.Train(257, "ad", "ac").Merges.ToArray());
    }

    [Fact]
    public void Train_TextsInAnotherOrder_GivesTheSameMerges()
    {
        string[] paragraphs = Tales.Known.Split('\n');
        Assert.Equal(Tales.Train(400, paragraphs).Merges.ToArray(), Tales.Train(400, [.. paragraphs.Reverse()]).Merges.ToArray());
    }

    [Fact]
    public void Train_ThreeAlike_CountsBothPairsAndMergesOne()
    {
        // "aaa" holds a a twice and wins against b c, once; the merge uses two of the three.
        ByteLevelBpeTokenizer tokenizer = Tales.Train(257, "aaa", "bc");
        Assert.Equal([new BpeMerge('a', 'a', 256)], tokenizer.Merges.ToArray());
        Assert.Equal([256, 'a'], tokenizer.Encode("aaa"));
    }

    [Fact]
    public void Vocabulary_Growing_TakesFewerTokensAndMoreNumbers()
    {
        int[] sizes = [256, 300, 400, 600, 800, 1024, 1400];
        ByteLevelBpeTokenizer[] tokenizers = [.. sizes.Select(size => Tales.Train(size, Tales.Known))];
        int[] tokens = [.. tokenizers.Select(tokenizer => tokenizer.Encode(Tales.Fresh).Length)];
        Assert.Equal(sizes, tokenizers.Select(tokenizer => tokenizer.VocabSize)); // embedding numbers: V · C
        Assert.Equal(tokens.OrderDescending(), tokens);
        Assert.Equal(tokens.Length, tokens.Distinct().Count());
    }

    [Fact]
    public void Train_MoreTokensThanTheCorpusGives_Stops()
    {
        ByteLevelBpeTokenizer tokenizer = Tales.Train(8192, Tales.Known);
        Assert.InRange(tokenizer.VocabSize, 1500, 2500);
        Assert.All(Tales.Known.Split(' ', '\n').Where(word => word.Length > 0 && word.All(char.IsAsciiLetter)).Distinct(),
            word => Assert.True(tokenizer.Encode(" " + word).Length == 1 || !Tales.Known.Contains(" " + word), word));
    }

    [Fact]
    public void Word_Indistinguishable_CostsWhatItsVocabularySays()
    {
        const string Word = "indistinguishable";
        Assert.Equal(17, Tales.Train(256, Tales.Known).Encode(Word).Length);
        ByteLevelBpeTokenizer tales = Tales.Train(1024, Tales.Known);
        ByteLevelBpeTokenizer both = Tales.Train(1024, Tales.Known, string.Concat(Enumerable.Repeat(" " + Word, 50)));
        Assert.InRange(tales.Encode(Word).Length, 5, 16);
        Assert.Single(both.Encode(" " + Word));
        Assert.NotEqual(1, both.Encode(Word).Length); // without the space it is another word
    }

    private static BpeMerge[] NaiveTrain(string corpus, int count)
    {
        var words = TeachingTokenizer.WordsOf(corpus).GroupBy(Convert.ToHexString)
            .Select(group => (Ids: group.First().Select(value => (int)value).ToArray(), Count: group.Count())).ToArray();
        int[] counts = [.. words.Select(word => word.Count)];
        int[][] ids = [.. words.Select(word => word.Ids)];
        List<BpeMerge> merges = [];
        for (int id = 256; id < 256 + count; id++)
        {
            (int left, int right, _) = MostFrequentPair(ids, counts);
            merges.Add(new BpeMerge(left, right, id));
            ids = Array.ConvertAll(ids, word => MergePairExercise.Merge(word, left, right, id));
        }
        return [.. merges];
    }
}
