using LlmFromScratch.Models;

namespace LlmFromScratch.Tests.Models;

public class RopeFrequenciesTests
{
    private const double Tolerance = 1e-7; // relative: results are floats

    [Fact]
    public void Unscaled_BaseTenThousand_FallsByPowers()
    {
        // 10,000^(-2i/8) for i = 0 to 3: 1, 0.1, 0.01, 0.001
        AssertClose([1, 0.1, 0.01, 0.001], RopeFrequencies.Unscaled(10_000, 8));
    }

    [Fact]
    public void Scaled_Linear_DividesAll() => AssertClose([0.25, 0.025, 0.0025, 0.00025], Scaled(new RopeScaling { Factor = 4 }));

    [Fact]
    public void Scaled_Divisors_DivideEachItsOwn() => AssertClose([1, 0.05, 0.0025, 0.000125], Scaled(new RopeScaling(), 1, 2, 4, 8));

    [Fact]
    public void Scaled_Yarn_KeepsFastPairsDividesSlowOnesAndMixesBetween()
    {
        // Over 32 original positions a pair turns 32·f/2π times: f = 2π turns 32 times, f = 2π/32 = 0.196 once. Pair i has f = 10^-i, so 32 turns lie at
        // pair -log10(2π) = -0.798 -> floor -1 -> 0, one turn at pair -log10(0.196) = 0.707 -> ceiling 1. So pair 0 is kept and pairs from 1 on are divided by 4.
        RopeScaling yarn = new() { Kind = RopeScalingKind.Yarn, Factor = 4, OriginalContextLength = 32 };
        AssertClose([1, 0.025, 0.0025, 0.00025], Scaled(yarn));
        // With 3,200 positions 32 turns lie at pair 1.202 -> 1 and one turn at 2.707 -> 3: pair 2 is half way, kept to one half: 0.01·(1/2 + 1/2·1/4).
        AssertClose([1, 0.1, 0.00625, 0.00025], Scaled(yarn with { OriginalContextLength = 3200 }));
    }

    [Fact]
    public void Magnitude_Yarn_GrowsWithTheLogarithmOfTheFactor()
    {
        RopeScaling yarn = new() { Kind = RopeScalingKind.Yarn, Factor = 4, OriginalContextLength = 32 };
        Assert.Equal(1.13862944, yarn.Magnitude, 6); // 1 + ln 4 / 10
        Assert.Equal(0.5 * 1.13862944, (yarn with { AttentionFactor = 0.5f }).Magnitude, 6);
        Assert.Equal(1, new RopeScaling { Factor = 4 }.Magnitude);
        Assert.Equal(1.19f, new RopeScaling { Kind = RopeScalingKind.LongRope, AttentionFactor = 1.19f }.Magnitude);
    }

    private static float[] Scaled(RopeScaling scaling, params float[] divisors) => RopeFrequencies.Scaled(new RopeConfig { Scaling = scaling }, 8, divisors);

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] * (1 - Tolerance), expected[i] * (1 + Tolerance));
    }
}
