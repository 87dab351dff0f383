using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G2: score, softmax, mix.</summary>
[Trait("Chapter", "06")]
public class GoldenTests
{
    [Fact]
    public void Attend_TwoKeysByHand_IsTheWeightedSum()
    {
        // D = 1, so the scale is 1: scores ln 3 and 0, weights 3/4 and 1/4, output 0.75 · 8 + 0.25 · 4 = 7.
        float[] output = Lab.Attend([1], [MathF.Log(3), 0], [8, 4]);
        Assert.Equal(7, output[0], 1e-6);
    }

    [Fact]
    public void Attend_EqualKeys_IsTheAverage() => Assert.Equal([4, 5], Lab.Attend([3, -1], [1, 2, 1, 2, 1, 2], [1, 2, 3, 4, 8, 9]));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 33)]
    public void Attend_AgainstDoubles_IsTheFormula(int size, int positions)
    {
        float[] query = Lab.RandomNormal(size, 1), keys = Lab.RandomNormal(positions * size, 2), values = Lab.RandomNormal(positions * size, 3);
        float[] output = Lab.Attend(query, keys, values);
        double[] exponentials = [.. keys.Chunk(size).Select(key => Math.Exp(key.Zip(query, (k, q) => (double)k * q).Sum() / Math.Sqrt(size)))];
        for (int i = 0; i < size; i++)
        {
            double mixed = exponentials.Select((e, s) => e / exponentials.Sum() * values[s * size + i]).Sum();
            Assert.Equal(mixed, output[i], 1e-6);
        }
    }

    [Fact]
    public void Attend_ValuesOfOne_GiveOne() // the weights of a row sum to 1
    {
        float[] ones = [.. Enumerable.Repeat(1f, 9 * 4)];
        Assert.All(Lab.Attend(Lab.RandomNormal(4, 5), Lab.RandomNormal(36, 6), ones), value => Assert.Equal(1, value, 1e-6));
    }
}
