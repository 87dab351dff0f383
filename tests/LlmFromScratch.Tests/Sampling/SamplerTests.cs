using LlmFromScratch.Numerics;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Sampling;

public class SamplerTests
{
    // Probabilities 0.4, 0.3, 0.2, 0.1 as logits, at ids 2, 0, 3, 1.
    private static readonly float[] Logits = [MathF.Log(0.3f), MathF.Log(0.1f), MathF.Log(0.4f), MathF.Log(0.2f)];

    [Fact]
    public void Fill_SortsByLogit_LowerIdFirstOnTies()
    {
        CandidateList candidates = new(6);
        candidates.Fill([1, 5, -0f, 5, 0f, float.NegativeInfinity]);
        Assert.Equal([1, 3, 0, 2, 4, 5], candidates.Ids.ToArray());
        Assert.Equal([5, 5, 1, 0, 0, float.NegativeInfinity], candidates.Logits.ToArray());
    }

    [Fact]
    public void Fill_NaN_IsNamed()
    {
        CandidateList candidates = new(3);
        Assert.Contains("token 1 is NaN", Assert.Throws<ArgumentException>(() => candidates.Fill([0, float.NaN, 1])).Message);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(9, 4)]
    public void TopK_KeepsExactlyK(int k, int expected)
    {
        CandidateList candidates = Filled();
        new TopKSampler(k).Apply(candidates);
        Assert.Equal(expected, candidates.Count);
    }

    [Theory]
    [InlineData(0.05f, 1)]
    [InlineData(0.39f, 1)]
    [InlineData(0.41f, 2)]
    [InlineData(0.69f, 2)]
    [InlineData(0.71f, 3)]
    [InlineData(1.00f, 4)]
    public void TopP_KeepsTheSmallestSetThatReachesP(float p, int expected)
    {
        CandidateList candidates = Filled();
        new TopPSampler(p).Apply(candidates);
        Assert.Equal(expected, candidates.Count);
    }

    [Fact]
    public void TopP_AfterTemperature_KeepsAnotherSetThanBefore()
    {
        CandidateList after = Filled(), before = Filled();
        new TemperatureSampler(2).Apply(after); // flatter: 0.325, 0.282, 0.230, 0.163
        new TopPSampler(0.65f).Apply(after);
        new TopPSampler(0.65f).Apply(before); // 0.4 + 0.3 reach 0.65
        Assert.Equal(3, after.Count);
        Assert.Equal(2, before.Count);
    }

    [Fact]
    public void Temperature_Zero_IsGreedyWithoutDrawing()
    {
        SamplerChain chain = new(4, new SamplingOptions { Temperature = 0 });
        for (int i = 0; i < 5; i++) Assert.Equal(2, chain.Sample(Logits));
    }

    [Fact]
    public void Temperature_TinyOrHuge_StaysFinite()
    {
        foreach (float temperature in new[] { 1e-30f, 1e30f })
        {
            CandidateList candidates = new(3);
            candidates.Fill([-1e4f, 1e4f, 0]);
            new TemperatureSampler(temperature).Apply(candidates);
            Assert.Equal(1, candidates.ComputeProbabilities().ToArray().Sum(), 1e-6);
        }
    }

    [Fact]
    public void Sample_HundredThousandDraws_PassChiSquare()
    {
        SamplerChain chain = new(4, new SamplingOptions { Temperature = 1, TopP = 1, Seed = 11 });
        int[] counts = new int[4];
        for (int i = 0; i < 100_000; i++) counts[chain.Sample(Logits)]++;
        double[] expected = [30_000, 10_000, 40_000, 20_000];
        double chiSquare = counts.Zip(expected, (c, e) => (c - e) * (c - e) / e).Sum();
        Assert.InRange(chiSquare, 0, 16.3); // 3 degrees of freedom, p = 0.001
    }

    [Fact]
    public void Sample_SameSeed_SameIds()
    {
        SamplerChain a = new(4, new SamplingOptions { Seed = 3 }), b = new(4, new SamplingOptions { Seed = 3 }), c = new(4, new SamplingOptions { Seed = 4 });
        int[] idsA = Draw(a), idsB = Draw(b), idsC = Draw(c);
        Assert.Equal(idsA, idsB);
        Assert.NotEqual(idsA, idsC);

        static int[] Draw(SamplerChain chain) => Enumerable.Range(0, 64).Select(_ => chain.Sample(Logits)).ToArray();
    }

    [Fact]
    public void Sample_AfterTheFirst_AllocatesNothing()
    {
        SamplerChain chain = new(512, new SamplingOptions { TopK = 40 });
        float[] logits = new float[512];
        SeededRandom random = new(1);
        foreach (ref float logit in logits.AsSpan()) logit = (float)random.NextGaussian();
        for (int i = 0; i < 100; i++) chain.Sample(logits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) chain.Sample(logits);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureSampler(-0.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureSampler(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopPSampler(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopPSampler(1.01f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKSampler(-1));
    }

    private static CandidateList Filled()
    {
        CandidateList candidates = new(4);
        candidates.Fill(Logits);
        return candidates;
    }
}
