using System.Text.RegularExpressions;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Chapters.Ch04_Embeddings;

/// <summary>Checklist E3, E4 and erratum X23: vectors from neighbours, and what their arithmetic is worth.</summary>
[Trait("Chapter", "04")]
public class WordVectorTests
{
    private const int Kinds = 10, About = 4, Filler = 20, Nouns = 2 * Kinds, Vocab = Nouns + Kinds * About + 2 * About + Filler;

    [Fact]
    public void Twins_PlantedInTales_AreNearestToEachOther()
    {
        string[] planted = ["ran", "happy", "looked"];
        SeededRandom coin = new(7), random = new(8);
        string text = string.Join("\n", new TinyTalesGenerator(1).Stories(600_000)).ToLowerInvariant();
        string[][] sentences = [.. Regex.Split(text, "[.!?\n]").Select(sentence => Regex.Matches(sentence, "[a-z]+")
            .Select(match => planted.Contains(match.Value) && coin.NextInt(2) == 0 ? match.Value + "*" : match.Value).ToArray())];
        string[] words = [.. sentences.SelectMany(s => s).GroupBy(word => word).Where(g => g.Count() >= 30).Select(g => g.Key).Order(StringComparer.Ordinal)];
        Dictionary<string, int> number = words.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i);
        int[] counts = new int[words.Length];
        foreach (string word in sentences.SelectMany(s => s).Where(number.ContainsKey)) counts[number[word]]++;
        List<(int, int)> pairs = [];
        foreach (string[] sentence in sentences)
        {
            int[] kept = [.. sentence.Where(number.ContainsKey).Select(word => number[word]).Where(id => random.NextDouble() < Math.Sqrt(0.001 * counts.Sum() / counts[id]))];
            for (int i = 0; i < kept.Length; i++)
                for (int j = Math.Max(0, i - 2); j <= Math.Min(kept.Length - 1, i + 2); j++)
                    if (j != i) pairs.Add((kept[i], kept[j]));
        }
        float[][] vectors = Train(counts, pairs, 16, steps: 250);
        Assert.All(planted, word =>
        {
            Assert.Equal(word + "*", words[Closest(vectors, vectors[number[word]], number[word])]);
            Assert.Equal(word, words[Closest(vectors, vectors[number[word + "*"]], number[word + "*"])]);
        });
    }

    [Fact]
    public void Vectors_WithoutRandomWords_Collapse()
    {
        (int[] counts, List<(int, int)> pairs) = Language(0.3);
        Assert.True(MeanCosine(Train(counts, pairs, 16, steps: 150, negatives: 0)) > 0.9);
        Assert.True(MeanCosine(Train(counts, pairs, 16, steps: 150)) < 0.6);
    }

    [Fact]
    public void Analogies_WhereTheRelationIsFaint_NeedTheirInputsExcludedAndNoArithmetic()
    {
        (double all, double excluded, double control) = Ask(voice: 0.1);
        Assert.True(all < 0.2, $"of all words {all:0.00} right: the step from a to b is too short to leave c");
        Assert.True(excluded > 0.9, $"{excluded:0.00} right with the inputs excluded");
        Assert.True(control > 0.9, $"{control:0.00} right without arithmetic, so the exclusion did it");
    }

    [Fact]
    public void Analogies_WhereTheRelationIsLoud_NeedTheArithmetic()
    {
        (double all, double excluded, double control) = Ask(voice: 1);
        Assert.True(all > 0.9 && excluded > 0.9 && control < 0.7, $"of all words {all:0.00}, inputs excluded {excluded:0.00}, without arithmetic {control:0.00}");
    }

    // The share that is right: nearest of all words, nearest but the inputs, nearest to c but the inputs.
    private static (double All, double Excluded, double Control) Ask(double voice)
    {
        (int[] counts, List<(int, int)> pairs) = Language(voice);
        float[][] v = Train(counts, pairs, 16, steps: 150);
        (int A, int B, int C, int D)[] asked =
        [
            .. from k in Enumerable.Range(0, Kinds) from m in Enumerable.Range(0, Kinds) from s in new[] { 0, 1 } where k != m
               select (2 * k + s, 2 * k + 1 - s, 2 * m + s, 2 * m + 1 - s),
        ];
        float[] Target((int A, int B, int C, int D) q) => [.. v[q.B].Select((x, i) => x - v[q.A][i] + v[q.C][i])];
        double Share(Func<(int A, int B, int C, int D), int> answer) => asked.Average(q => answer(q) == q.D ? 1.0 : 0);
        return (Share(q => Closest(v, Target(q))), Share(q => Closest(v, Target(q), q.A, q.B, q.C)), Share(q => Closest(v, v[q.C], q.A, q.B, q.C)));
    }

    // A sentence: a noun, two words of its kind, a word of its sex if the voice allows it, filler.
    private static (int[] Counts, List<(int, int)> Pairs) Language(double voice)
    {
        SeededRandom random = new(1);
        int[] counts = new int[Vocab];
        List<(int, int)> pairs = [];
        for (int s = 0; s < 4000; s++)
        {
            (int kind, int sex) = (random.NextInt(Kinds), random.NextInt(2));
            int[] sentence =
            [
                2 * kind + sex, Nouns + About * kind + random.NextInt(About), Nouns + About * kind + random.NextInt(About),
                random.NextDouble() < voice ? Nouns + About * Kinds + About * sex + random.NextInt(About) : Vocab - 1 - random.NextInt(Filler),
                Vocab - 1 - random.NextInt(Filler), Vocab - 1 - random.NextInt(Filler),
            ];
            foreach (int word in sentence) counts[word]++;
            pairs.AddRange(from a in Enumerable.Range(0, 6) from b in Enumerable.Range(0, 6) where a != b select (sentence[a], sentence[b]));
        }
        return (counts, pairs);
    }

    private static float[][] Train(int[] counts, List<(int Word, int Neighbour)> pairs, int size, int steps, int negatives = 4)
    {
        SkipGramModel model = new(counts, size, seed: 1);
        AdamW optimizer = new(model.Parameters, new AdamWSettings { WeightDecay = 0, Beta2 = 0.99f });
        SeededRandom random = new(2);
        using Tape tape = new();
        for (int step = 0; step < steps; step++)
        {
            (int Word, int Neighbour)[] batch = [.. Enumerable.Range(0, 2048).Select(_ => pairs[random.NextInt(pairs.Count)])];
            model.ZeroGradients();
            tape.Backward(model.Loss(tape, batch.Select(p => p.Word).ToArray(), batch.Select(p => p.Neighbour).ToArray(), negatives, random));
            optimizer.Step(0.03f * (1 - (float)step / steps));
        }
        return [.. model.Words.Data.ToArray().Chunk(size)];
    }

    private static int Closest(float[][] all, float[] target, params int[] except) =>
        Enumerable.Range(0, all.Length).Where(i => !except.Contains(i)).MaxBy(i => Cosine(target, all[i]));

    private static double MeanCosine(float[][] all) => (from i in Enumerable.Range(0, 40) from j in Enumerable.Range(0, i) select Cosine(all[i], all[j])).Average();

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
