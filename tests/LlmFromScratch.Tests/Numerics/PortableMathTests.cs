using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Numerics;

public class PortableMathTests
{
    private const double RelativeTolerance = 8e-16; // two roundings of ours and one of the platform's

    [Fact]
    public void Exp_AgreesWithPlatform_OverItsWholeRange()
    {
        for (double x = -740; x < 709; x += 0.37)
            AssertClose(Math.Exp(x), PortableMath.Exp(x), x < -708 ? 1e-2 : RelativeTolerance); // below -708 only subnormal digits are left
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(710));
        Assert.Equal(0, PortableMath.Exp(-800));
        Assert.True(double.IsNaN(PortableMath.Exp(double.NaN)));
    }

    [Fact]
    public void Log_AgreesWithPlatform_FromSubnormalToLargest()
    {
        for (double x = 1e-310; x < 1e308; x *= 1.7)
            AssertClose(Math.Log(x), PortableMath.Log(x), RelativeTolerance);
        for (double x = 0.9; x < 1.1; x += 0.0013)
            Assert.True(Math.Abs(Math.Log(x) - PortableMath.Log(x)) < 1e-16 + 8e-16 * Math.Abs(Math.Log(x)));
        Assert.Equal(double.NegativeInfinity, PortableMath.Log(0));
        Assert.True(double.IsNaN(PortableMath.Log(-1)));
    }

    [Fact]
    public void SinCos_AgreeWithPlatform_UpToAMillion()
    {
        for (double x = -1e6; x < 1e6; x += 37.7123)
        {
            Assert.True(Math.Abs(Math.Sin(x) - PortableMath.Sin(x)) < 4e-16, $"sin({x})");
            Assert.True(Math.Abs(Math.Cos(x) - PortableMath.Cos(x)) < 4e-16, $"cos({x})");
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Sin(1e7));
    }

    [Fact]
    public void Tanh_AgreesWithPlatform_AcrossTheSeamAtOneTenth()
    {
        for (double x = -20; x < 20; x += 0.0137) AssertClose(Math.Tanh(x), PortableMath.Tanh(x), 1e-14); // 1 - 2/(e+1) cancels near 0.1
    }

    [Fact]
    public void Pow_RopeFrequencies_AreTight()
    {
        for (int i = 0; i < 128; i += 2) AssertClose(Math.Pow(10000, -i / 128.0), PortableMath.Pow(10000, -i / 128.0), 1e-14);
    }

    private static void AssertClose(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected) + double.Epsilon, $"expected {expected:R}, got {actual:R}");
}
