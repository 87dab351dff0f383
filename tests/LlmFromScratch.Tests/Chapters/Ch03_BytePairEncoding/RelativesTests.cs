using LlmFromScratch.Course.Chapters.Ch03;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Chapters.Ch03_BytePairEncoding;

/// <summary>Checklist D4 and D5: WordPiece and Unigram.</summary>
[Trait("Chapter", "03")]
public class RelativesTests
{
    [Fact]
    public void Viterbi_ShortStrings_EqualsBruteForce()
    {
        var random = new SeededRandom(5);
        for (int round = 0; round < 200; round++)
        {
            Dictionary<string, double> table = RandomTable(random);
            string text = RandomText(random, 1 + random.NextInt(10));
            double best = Unigram.AllCuts(text, table).Max(cut => Unigram.Score(cut, table));
            string[] found = Unigram.Viterbi(text, table);
            Assert.Equal(text, string.Concat(found));
            Assert.Equal(best, Unigram.Score(found, table), 1e-9); // the same sum, perhaps added in another order
        }
    }

    [Fact]
    public void ExpectationStep_Repeated_NeverLowersTheLikelihood()
    {
        Dictionary<string, int> words = new() { ["fox"] = 5, ["foxes"] = 3, ["ox"] = 4, ["oxes"] = 1, ["toes"] = 2 };
        Dictionary<string, double> table = words.Keys
            .SelectMany(w => Enumerable.Range(0, w.Length).SelectMany(i => Enumerable.Range(1, w.Length - i).Select(n => w.Substring(i, n))))
            .Distinct().ToDictionary(piece => piece, _ => PortableMath.Log(1 / 40.0));
        List<double> likelihoods = [];
        for (int step = 0; step < 12; step++)
        {
            (table, double logLikelihood) = Unigram.ExpectationStep(words, table);
            likelihoods.Add(logLikelihood);
            Assert.Equal(1, table.Values.Sum(PortableMath.Exp), 1e-9);
        }
        Assert.Equal(likelihoods.Order(), likelihoods);
        Assert.True(likelihoods[^1] - likelihoods[0] > 20);
    }

    [Fact]
    public void WordPiece_OnACraftedCorpus_TakesAnotherPairThanBpe()
    {
        // se stands 8 times, qu twice; but s and e are everywhere, and u follows q each time: 2 / (2 · 3) against 8 / (14 · 18).
        (string Word, int Count)[] lexicon = [("es", 6), ("se", 5), ("see", 3), ("qu", 2), ("eu", 1)];
        (string left, string right, double score) =
            WordPiece.BestPair([.. lexicon.Select(w => (w.Word.Select(c => c.ToString()).ToArray(), w.Count))]);
        Assert.Equal(("q", "u"), (left, right));
        Assert.Equal(1 / 3.0, score, 1e-12);
        string[] corpus = [.. lexicon.SelectMany(w => Enumerable.Repeat(w.Word, w.Count))];
        Assert.Equal(('s', 'e'), ((char)Tales.Train(257, corpus).Merges[0].Left, (char)Tales.Train(257, corpus).Merges[0].Right));
    }

    [Fact]
    public void WordPiece_LongestMatch_IsNotWhatMergesGive()
    {
        // BPE learned d e first, so "abcde" ends in cde; the longest match from the left takes abc.
        Assert.Equal(["abc", "##de"], WordPiece.Split("abcde", ["a", "##b", "##c", "##d", "##e", "ab", "abc", "##de", "##cde"]));
        Assert.Equal(["[UNK]"], WordPiece.Split("foxy", ["fox", "f", "##o", "##x"]));
    }

    private static Dictionary<string, double> RandomTable(SeededRandom random)
    {
        Dictionary<string, double> table = "abc".ToDictionary(c => c.ToString(), _ => -1 - 5 * random.NextDouble());
        for (int i = 0; i < 8; i++) table[RandomText(random, 2 + random.NextInt(3))] = -1 - 8 * random.NextDouble();
        return table;
    }

    private static string RandomText(SeededRandom random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => "abc"[random.NextInt(3)]));
}
