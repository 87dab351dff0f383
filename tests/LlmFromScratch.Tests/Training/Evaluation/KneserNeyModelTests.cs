using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Evaluation;

namespace LlmFromScratch.Tests.Training.Evaluation;

public class KneserNeyModelTests
{
    [Fact]
    public void Probability_Bigrams_FollowTheFormula()
    {
        // 0 1 0 1 0 2 0 1 3: bigrams 01 x3, 10 x2, 02, 20, 13 once each. n1 = 3, n2 = 1, n3 = 1, n4 = 0, so Y = 3/5:
        // D1 = 1 - 2 · 3/5 · 1/3 = 0.6, D2 = 2 - 3 · 3/5 · 1/1 = 0.2, D3 = 3.
        // Kinds before: 0 has two (1 and 2), 1, 2, 3 have one each. n1 = 3, n2 = 1, n3 = 0: D1 = 0.6, D2 = 2 - 0 = 2; 5 kinds in all.
        KneserNeyModel model = new([0, 1, 0, 1, 0, 2, 0, 1, 3], vocabSize: 4, order: 2);
        double zero = (0 + (0.6 * 3 + 2) / 4) / 5, one = (1 - 0.6 + (0.6 * 3 + 2) / 4) / 5; // p(0) keeps 2 - 2, p(1) keeps 1 - 0.6
        Assert.Equal(zero, model.Probability([], 0), 1e-12);
        Assert.Equal(one, model.Probability([], 1), 1e-12);
        Assert.Equal((2 - 0.2 + (0.6 + 0.2) * zero) / 3, model.Probability([1], 0), 1e-12); // after 1: 0 twice, 3 once
        Assert.Equal((3 - 3 + (3 + 0.6) * one) / 4, model.Probability([0], 1), 1e-12);      // after 0: 1 three times, 2 once
        Assert.Equal(one, model.Probability([3], 1), 1e-12);                                // nothing followed 3: the shorter context speaks
    }

    [Fact]
    public void Probability_AnyContext_SumsToOne()
    {
        SeededRandom random = new(4);
        int[] text = [.. Enumerable.Range(0, 3000).Select(i => (int)(12 * random.NextDouble() * random.NextDouble()))];
        KneserNeyModel model = new(text, vocabSize: 12);
        for (int start = 0; start < 40; start++)
        {
            int[] context = text[start..(start + start % 6)];
            Assert.Equal(1, Enumerable.Range(0, 12).Sum(token => model.Probability(context, token)), 1e-9);
        }
    }

    [Fact]
    public void Probability_LongerContexts_ForetellBetter()
    {
        SeededRandom random = new(5);
        int[] text = new int[6000]; // each token is one more than the sum of the two before, nine times of ten
        for (int i = 2; i < text.Length; i++) text[i] = random.NextInt(10) == 0 ? random.NextInt(8) : (text[i - 1] + text[i - 2] + 1) % 8;
        double two = Nats(2), three = Nats(3);
        Assert.True(three < 0.6 * two, $"{two} to {three}");

        double Nats(int order)
        {
            KneserNeyModel model = new(text.AsSpan(0, 5000), 8, order);
            return Enumerable.Range(5000, 1000).Average(i => -Math.Log(model.Probability(text.AsSpan(0, i), text[i])));
        }
    }

    [Fact]
    public void Constructor_VocabularyTooLargeForTheOrder_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KneserNeyModel([1, 2, 3, 4, 5, 6], vocabSize: 50_000, order: 5));
}
