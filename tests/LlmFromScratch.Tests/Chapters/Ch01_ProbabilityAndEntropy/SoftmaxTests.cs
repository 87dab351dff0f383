using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A7: softmax that stays finite.</summary>
[Trait("Chapter", "01")]
public class SoftmaxTests
{
    private const double SumTolerance = 1e-6; // 40 floats of about 1/40, each rounded to 6e-8 of itself

    [Fact]
    public void Softmax_TwoLogitsOneApart_HaveTheRatioE()
    {
        float[] p = Lab.Softmax([1, 0]);
        Assert.Equal(Math.E, p[0] / (double)p[1], 5);
    }

    [Theory]
    [InlineData(10_000, -10_000, 0)]
    [InlineData(-10_000, -10_000, -10_000)]
    [InlineData(1, 2, 100)] // the case in which a softmax without the maximum gives NaN in float
    public void Softmax_LargeLogits_StaysFinite(float a, float b, float c)
    {
        float[] p = Lab.Softmax([a, b, c]);
        Assert.All(p, value => Assert.InRange(value, 0, 1));
        Assert.Equal(1, p.Sum(), SumTolerance);
    }

    [Fact]
    public void Softmax_ShiftedLogits_AreTheSame()
    {
        foreach (float[] random in RandomDistributions.Logits(200, spread: 3, seed: 7))
        {
            float[] logits = [.. random.Select(z => MathF.Round(z * 64) / 64)]; // multiples of 1/64, so that the shift is exact
            Assert.Equal(Lab.Softmax(logits), Lab.Softmax([.. logits.Select(z => z + 1024)]));
        }
    }

    [Fact]
    public void Softmax_AnyLogits_SumToOne() =>
        Assert.All(RandomDistributions.Logits(500, spread: 20, seed: 8), logits => Assert.Equal(1, Lab.Softmax(logits).Sum(p => (double)p), SumTolerance));
}
