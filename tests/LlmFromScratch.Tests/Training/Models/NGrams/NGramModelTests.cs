using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Models.NGrams;

namespace LlmFromScratch.Tests.Training.Models.NGrams;

public class NGramModelTests
{
    private const int VocabSize = 12;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void Probability_AnyContext_SumsToOne(int order)
    {
        int[] text = Text(400, seed: 1);
        KneserNeyModel kneserNey = KneserNeyModel.Train(text, order, VocabSize);
        BackoffModel backoff = new(text, order, VocabSize);
        foreach (int[] context in new int[][] { [], [3], [0, 1, 2, 3], [11, 11, 11, 11], [.. text[..7]] })
        {
            Assert.Equal(1, Enumerable.Range(0, VocabSize).Sum(token => kneserNey.Probability(context, token)), 1e-12);
            Assert.Equal(1, Enumerable.Range(0, VocabSize).Sum(token => backoff.Probability(context, token)), 1e-12);
        }
    }

    [Fact]
    public void KneserNey_Bigrams_ByHand()
    {
        // "a b a b a c" with a = 0, b = 1, c = 2 and an unseen 3. Bigrams: ab 2, ba 2, ac 1. Different tokens before: a 1 (b), b 1, c 1, of 3.
        // n1 = 1, n2 = 2 among the bigrams: Y = 1/5, D1 = 1 - 2 · 1/5 · 2/1 = 0.2, D2 = 2 - 3 · 1/5 · 0 = 2, kept below: 1.9. Unigrams: n1 = 3, n2 = 0:
        // Y = 1, D1 = 1 - 0 = 1, kept below: 0.9.
        KneserNeyModel model = KneserNeyModel.Train([0, 1, 0, 1, 0, 2], 2, 4);
        double unigram = (1 - 0.9 + 0.9 * 3 * 0.25) / 3; // of a, b and c
        double left = (1.9 + 0.2) / 3;                   // after a: b with count 2, c with count 1
        Assert.Equal((2 - 1.9) / 3 + left * unigram, model.Probability([0], 1), 1e-12);
        Assert.Equal((1 - 0.2) / 3 + left * unigram, model.Probability([0], 2), 1e-12);
        Assert.Equal(left * (0.9 * 3 * 0.25 / 3), model.Probability([0], 3), 1e-12);
    }

    [Fact]
    public void Backoff_Bigrams_ByHand()
    {
        BackoffModel model = new([0, 1, 0, 1, 0, 2], 2, 4);
        // after a: b 2, c 1 of 3; 2 · 0.5 / 3 is left for a and the unseen token in the ratio of their unigrams (3 - 0.5)/6 and 1.5/6 (the only unseen one)
        Assert.Equal((2 - 0.5) / 3, model.Probability([0], 1), 1e-12);
        Assert.Equal(1.0 / 3 * 2.5 / (2.5 + 1.5), model.Probability([0], 0), 1e-12);
        Assert.Equal(1.0 / 3 * 1.5 / (2.5 + 1.5), model.Probability([0], 3), 1e-12);
    }

    [Fact]
    public void BitsPerToken_LongerContextsAndBetterDiscounts_PredictBetter()
    {
        int[] train = Text(20_000, seed: 1), heldOut = Text(2_000, seed: 2);
        double[] bits = [.. new[] { 1, 2, 3 }.Select(order => KneserNeyModel.Train(train, order, VocabSize).BitsPerToken(heldOut))];
        Assert.True(bits[1] < bits[0] && bits[2] < bits[1], string.Join(", ", bits));
        Assert.InRange(bits[2], 1, 1.2); // the source has one bit a token: two tokens before decide between two that may follow
        int[] little = train[..600];
        Assert.True(KneserNeyModel.Train(little, 5, VocabSize).BitsPerToken(heldOut) < new BackoffModel(little, 5, VocabSize).BitsPerToken(heldOut));
    }

    // Each token is one of two that the two before it determine.
    private static int[] Text(int count, ulong seed)
    {
        SeededRandom random = new(seed);
        int[] text = new int[count];
        for (int i = 2; i < count; i++) text[i] = (3 * text[i - 1] + 5 * text[i - 2] + 1 + 4 * random.NextInt(2)) % VocabSize;
        return text;
    }
}
