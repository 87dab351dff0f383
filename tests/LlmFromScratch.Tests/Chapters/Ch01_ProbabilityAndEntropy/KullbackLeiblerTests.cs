using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A5: the Kullback–Leibler divergence.</summary>
[Trait("Chapter", "01")]
public class KullbackLeiblerTests
{
    [Fact]
    public void Kl_OfAnyPair_IsNotNegative() =>
        Assert.All(RandomDistributions.Pairs(1000, seed: 5), pair => Assert.True(Lab.KL(pair.P, pair.Q) >= -1e-7)); // 1e-7: floats sum to 1 ± 6e-8

    [Fact]
    public void Kl_OfEqualDistributions_IsZeroAndOnlyThen()
    {
        Assert.All(RandomDistributions.Pairs(100, seed: 6), pair => Assert.Equal(0, Lab.KL(pair.P, pair.P)));
        Assert.True(Lab.KL([0.5f, 0.5f], [0.501f, 0.499f]) > 0);
    }

    [Fact]
    public void Kl_Turned_IsAnotherNumber()
    {
        // KL(p‖q) = 1 ln(1/0.5) = ln 2; the other way 0.5 ln(0.5/1) + 0.5 ln(0.5/0) = ∞.
        Assert.Equal(Math.Log(2), Lab.KL([1, 0], [0.5f, 0.5f]), 12);
        Assert.Equal(double.PositiveInfinity, Lab.KL([0.5f, 0.5f], [1, 0]));
    }

    [Fact]
    public void Kl_AgainstTheUniform_IsLogNMinusEntropy() =>
        Assert.Equal(Math.Log(4) - Lab.Entropy([0.5f, 0.25f, 0.125f, 0.125f]), Lab.KL([0.5f, 0.25f, 0.125f, 0.125f], [0.25f, 0.25f, 0.25f, 0.25f]), 12);
}
