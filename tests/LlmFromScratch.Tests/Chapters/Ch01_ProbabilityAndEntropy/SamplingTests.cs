using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A1: drawing from a categorical distribution.</summary>
[Trait("Chapter", "01")]
public class SamplingTests
{
    private const int Draws = 100_000;
    private const double ChiSquareLimit = 16.266; // 3 degrees of freedom: a right sampler stays below in 999 of 1000 seeds
    private static readonly float[] Probabilities = [0.1f, 0.2f, 0.3f, 0.4f];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Draw_HundredThousandTimes_PassesChiSquare(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        int[] counts = new int[4];
        for (int i = 0; i < Draws; i++) counts[Probability.Draw(Probabilities, random)]++;
        Assert.InRange(ChiSquare(counts), 0, ChiSquareLimit);
    }

    [Fact]
    public void SamplerChain_HundredThousandTimes_PassesChiSquare()
    {
        float[] logits = [.. Probabilities.Select(p => (float)PortableMath.Log(p))];
        var chain = new SamplerChain(4, new SamplingOptions { Temperature = 1, TopP = 1, Seed = 4 });
        int[] counts = new int[4];
        for (int i = 0; i < Draws; i++) counts[chain.Sample(logits)]++;
        Assert.InRange(ChiSquare(counts), 0, ChiSquareLimit);
    }

    [Fact]
    public void ChiSquare_OfASamplerThatIsOffByOnePercentagePoint_Fails()
    {
        int[] counts = [11_000, 19_000, 30_000, 40_000]; // (1000²)/10000 + (1000²)/20000 = 150
        Assert.Equal(150, ChiSquare(counts), 2);
    }

    [Fact]
    public void Draw_SameSeed_GivesTheSameDraws()
    {
        Assert.Equal(FirstDraws(seed: 9), FirstDraws(seed: 9));
        Assert.NotEqual(FirstDraws(seed: 9), FirstDraws(seed: 10));
    }

    [Fact]
    public void Draw_OfTheLibrary_FollowsTheRuleOfExercise1_2()
    {
        var solution = (Func<float[], double, int>)ExerciseCatalogue.Find("1.2").CreateSolution();
        SeededRandom library = new(5), uniforms = new(5);
        for (int i = 0; i < 1000; i++)
        {
            float[] p = [0.25f, 0, 0.5f, 0.24f]; // sums to 0.99: some uniforms lie above
            Assert.Equal(solution(p, uniforms.NextDouble()), Probability.Draw(p, library));
        }
    }

    private static int[] FirstDraws(ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, 50).Select(_ => Probability.Draw(Probabilities, random))];
    }

    private static double ChiSquare(int[] counts) =>
        counts.Select((count, i) => Math.Pow(count - Draws * Probabilities[i], 2) / (Draws * Probabilities[i])).Sum();
}
