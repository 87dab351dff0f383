using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Numerics;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Sampling;

/// <summary>The stages beyond temperature, top-k and top-p: numbers by hand, then what holds for any logits.</summary>
public class SamplerStageTests
{
    // Probabilities 0.4, 0.3, 0.2, 0.1 as logits, at ids 2, 0, 3, 1.
    private static readonly float[] Logits = [MathF.Log(0.3f), MathF.Log(0.1f), MathF.Log(0.4f), MathF.Log(0.2f)];

    private static readonly Arbitrary<(float[] Logits, float P)> Cases = (
        from size in Gen.Choose(1, 300)
        from logits in Gen.Choose(-40, 40).ArrayOf(size)
        from percent in Gen.Choose(1, 100)
        select (logits.Select(logit => logit / 5f).ToArray(), percent / 100f)).ToArbitrary();

    [Theory]
    [InlineData(0f, 4)]
    [InlineData(0.2f, 4)] // 0.1 ≥ 0.2 · 0.4
    [InlineData(0.3f, 3)] // 0.1 < 0.3 · 0.4
    [InlineData(0.6f, 2)] // 0.2 < 0.6 · 0.4 ≤ 0.3
    [InlineData(0.8f, 1)]
    [InlineData(1f, 1)]
    public void MinP_KeepsWhatIsAtLeastThatShareOfTheBest(float p, int expected) => Assert.Equal(expected, Apply(new MinPSampler(p), Logits).Count);

    [Fact]
    public void MinP_One_KeepsAllThatEqualTheBest() => Assert.Equal([1, 2], Apply(new MinPSampler(1), [3, 5, 5, 1]).Ids.ToArray());

    // H = 1.2799; surprises of 0.4, 0.3, 0.2, 0.1 are 0.9163, 1.2040, 1.6094, 2.3026, so their distances 0.3636, 0.0759, 0.3296, 1.0227: first 0.3, then 0.2, 0.4, 0.1.
    [Theory]
    [InlineData(0.25f, 0)]
    [InlineData(0.45f, 0, 3)]
    [InlineData(0.60f, 2, 0, 3)]
    [InlineData(0.95f, 2, 0, 3, 1)]
    [InlineData(1f, 2, 0, 3, 1)]
    public void Typical_KeepsTheLeastSurprisinglySurprising(float p, params int[] expected) =>
        Assert.Equal(expected, Apply(new TypicalSampler(4, p), Logits).Ids.ToArray());

    [Fact]
    public void Typical_EqualProbabilities_KeepsTheLowestIds() => Assert.Equal([0, 1], Apply(new TypicalSampler(4, 0.5f), [7, 7, 7, 7]).Ids.ToArray());

    // θ = 2, frequency 0.5, presence 0.25; the prompt is 0, 1, the answer so far 3, 3, 1.
    [Fact]
    public void Penalties_EachPart_IsAsWorkedOutByHand()
    {
        PenaltySampler penalties = new(4, repetition: 2, frequency: 0.5f, presence: 0.25f);
        penalties.Read([0, 1]);
        foreach (int id in (int[])[3, 3, 1]) penalties.Accept(id);
        CandidateList candidates = Apply(penalties, [2, -1, 0.5f, 3]);
        Assert.Equal(1, candidates.GetLogit(0)); // 2 / 2; the prompt pays no frequency or presence
        Assert.Equal(-2.75f, candidates.GetLogit(1)); // -1 · 2, since dividing would reward it, - 0.5 - 0.25
        Assert.Equal(0.5f, candidates.GetLogit(2)); // unknown
        Assert.Equal(0.25f, candidates.GetLogit(3)); // 3 / 2 - 2 · 0.5 - 0.25
    }

    [Fact]
    public void LogitBias_AddsAndForbids()
    {
        CandidateList candidates = Apply(new LogitBiasSampler(4, new Dictionary<int, float> { [1] = 5, [2] = float.NegativeInfinity }), Logits);
        Assert.Equal(1, candidates.Ids[0]);
        Assert.Equal(0, candidates.ComputeProbabilities()[3]);
        Assert.Equal(Logits[1] + 5, candidates.GetLogit(1));
    }

    [Fact]
    public void Chain_BiasThatForbidsAllTokens_IsNamed()
    {
        SamplingOptions options = new() { LogitBias = Enumerable.Range(0, 4).ToDictionary(id => id, _ => float.NegativeInfinity) };
        Assert.Contains("no token is possible", Assert.Throws<InvalidOperationException>(() => new SamplerChain(4, options).Sample(Logits)).Message);
        Assert.Contains("no token is possible", Assert.Throws<InvalidOperationException>(() => new SamplerChain(4, options with { Temperature = 0 }).Sample(Logits)).Message);
    }

    [Fact]
    public void Chain_PresencePenalty_MakesGreedyTakeTurns()
    {
        SamplerChain chain = new(4, new SamplingOptions { Temperature = 0, PresencePenalty = 10 });
        Assert.Equal([2, 0, 3, 1, 2], Enumerable.Range(0, 5).Select(_ => chain.Sample(Logits))); // best first; when all have paid, the best again
    }

    [Fact]
    public void Chain_RepetitionPenalty_CountsThePrompt()
    {
        SamplerChain chain = new(4, new SamplingOptions { Temperature = 0, RepetitionPenalty = 1.5f });
        chain.Read([2]); // ln 0.4 · 1.5 = -1.37 falls below ln 0.3 = -1.20
        Assert.Equal(0, chain.Sample(Logits));
    }

    [Fact]
    public void TopP_AnyLogits_IsTheSmallestSetThatReachesP() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Cases, test =>
    {
        float[] all = Probabilities(test.Logits);
        int kept = Apply(new TopPSampler(test.P), test.Logits).Count;
        double sum = all.Take(kept).Sum(p => (double)p), without = all.Take(kept - 1).Sum(p => (double)p);
        return kept == test.Logits.Length || (sum >= test.P - 1e-6 && without < test.P + 1e-6); // float probabilities sum to 1 within 1e-6
    }));

    [Fact]
    public void MinP_AnyLogits_KeepsExactlyThoseAboveTheShare() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Cases, test =>
    {
        float[] all = Probabilities(test.Logits);
        int kept = Apply(new MinPSampler(test.P), test.Logits).Count;
        return all.Take(kept).All(p => p >= test.P * all[0] * 0.99999f) && all.Skip(kept).All(p => p < test.P * all[0] * 1.00001f);
    }));

    [Fact]
    public void Typical_AnyLogits_ReachesPAndKeepsTheOrder() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Cases, test =>
    {
        CandidateList candidates = Apply(new TypicalSampler(test.Logits.Length, test.P), test.Logits);
        Dictionary<int, float> probability = Apply(new TopKSampler(0), test.Logits) is var full
            ? full.Ids.ToArray().Zip(Probabilities(test.Logits)).ToDictionary() : [];
        double reached = candidates.Ids.ToArray().Sum(id => (double)probability[id]);
        return reached >= test.P - 1e-5 && candidates.Logits.ToArray().SequenceEqual(candidates.Logits.ToArray().OrderDescending());
    }));

    [Fact]
    public void Sample_AllStages_AllocateNothing()
    {
        SamplerChain chain = new(2000, new SamplingOptions
        {
            RepetitionPenalty = 1.1f, FrequencyPenalty = 0.1f, PresencePenalty = 0.1f, LogitBias = new Dictionary<int, float> { [3] = 1 },
            TopK = 900, MinP = 0.01f, TypicalP = 0.9f,
        });
        SeededRandom random = new(1);
        float[] logits = Enumerable.Range(0, 2000).Select(_ => (float)random.NextGaussian()).ToArray();
        for (int i = 0; i < 60; i++) chain.Sample(logits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 60; i++) chain.Sample(logits);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Dials_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MinPSampler(-0.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MinPSampler(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TypicalSampler(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PenaltySampler(4, repetition: 0, frequency: 0, presence: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PenaltySampler(4, repetition: 1, frequency: float.NaN, presence: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PenaltySampler(4, repetition: 1, frequency: 0, presence: float.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogitBiasSampler(4, new Dictionary<int, float> { [4] = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogitBiasSampler(4, new Dictionary<int, float> { [0] = float.NaN }));
    }

    private static CandidateList Apply(ISampler stage, float[] logits)
    {
        CandidateList candidates = new(logits.Length);
        candidates.Fill(logits);
        stage.Apply(candidates);
        return candidates;
    }

    private static float[] Probabilities(float[] logits) => Apply(new TopKSampler(0), logits).ComputeProbabilities().ToArray(); // best first
}
