using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Numerics;

public class PortableVectorMathTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(690)]
    [InlineData(1000)] // beyond what the vector form does itself: underflow, overflow and subnormals
    public void Exp_ManyValues_HaveTheBitsOfOneByOne(double range)
    {
        SeededRandom random = new(3);
        foreach (int count in (int[])[0, 1, 15, 16, 17, 33, 1000])
        {
            double[] x = Enumerable.Range(0, count).Select(i => i % 7 == 0 ? Math.Round((random.NextDouble() - 0.5) * range) : (random.NextDouble() - 0.5) * 2 * range).ToArray();
            double[] expected = x.Select(PortableMath.Exp).ToArray();
            PortableVectorMath.Exp(x);
            Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), x.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void Exp_SpecialValues_AreThoseOfOneByOne()
    {
        double[] x = new double[32];
        (x[3], x[17], x[18], x[19]) = (double.NaN, double.NegativeInfinity, double.PositiveInfinity, -0.0);
        double[] expected = x.Select(PortableMath.Exp).ToArray();
        PortableVectorMath.Exp(x);
        Assert.Equal(expected, x);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(257)]
    [InlineData(1000)]
    public void SumOfExp_IsTheSumInOrder(int count)
    {
        SeededRandom random = new(4);
        float[] values = Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian() * 9).ToArray();
        double expected = 0;
        foreach (float value in values) expected += PortableMath.Exp(value - 7.25);
        Assert.Equal(expected, PortableVectorMath.SumOfExp(values, 7.25));
    }
}
