using LlmFromScratch.Course;
using LlmFromScratch.Kernels;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist F3, F6 and erratum X10: attention does not know the order, and RoPE tells it distances.</summary>
[Trait("Chapter", "06")]
public class OrderTests
{
    private const int Size = 16;
    private static readonly int[] Order = [3, 0, 4, 2, 1];

    [Fact]
    public void Attention_ShuffledTokens_MovesItsOutputsWithThem()
    {
        float[][] tokens = [.. Lab.RandomNormal(5 * Size, 1).Chunk(Size)], shuffled = [.. Order.Select(t => tokens[t])];
        for (int t = 0; t < 5; t++)
        {
            AssertClose(Attend(tokens, Order[t]), Attend(shuffled, t), 1e-6); // the same token, elsewhere
            Assert.True(Distance(Attend(tokens, t), Attend(shuffled, t)) > 0.1); // the same place: another token's output, so not invariant
        }
    }

    [Theory]
    [InlineData(RopePairing.Interleaved)]
    [InlineData(RopePairing.Half)]
    public void Rope_ScoresAtOneDistance_AreEqual(RopePairing pairing)
    {
        float[] query = Lab.RandomNormal(Size, 2), key = Lab.RandomNormal(Size, 3);
        double Score(int m, int n) => Dot(Lab.Rope(query, m, pairing), Lab.Rope(key, n, pairing));
        Assert.Equal(Dot(query, key), Score(9, 9), 1e-4);
        foreach (int shift in new[] { 1, 100, 1000 })
        {
            Assert.Equal(Score(5, 3), Score(5 + shift, 3 + shift), 1e-3); // 1e-3: the angle is a float frequency times 1000
            Assert.Equal(Score(0, 7), Score(shift, 7 + shift), 1e-3);
        }
        Assert.True(Math.Abs(Score(5, 3) - Score(5, 0)) > 0.1);
    }

    [Theory]
    [InlineData(RopePairing.Interleaved)]
    [InlineData(RopePairing.Half)]
    public void Rope_AnyPosition_KeepsTheLength(RopePairing pairing)
    {
        float[] query = Lab.RandomNormal(Size, 4);
        Assert.Equal(query, Lab.Rope(query, 0, pairing));
        foreach (int position in new[] { 1, 77, 4096 })
            Assert.Equal(Dot(query, query), Dot(Lab.Rope(query, position, pairing), Lab.Rope(query, position, pairing)), 1e-4);
    }

    [Fact]
    public void Rope_PairByHand_TurnsByThePosition()
    {
        float[] turned = Lab.Rope([1, 0], 2); // one pair, θ = 1: (cos 2, sin 2)
        Assert.Equal(Math.Cos(2), turned[0], 1e-6);
        Assert.Equal(Math.Sin(2), turned[1], 1e-6);
    }

    private static float[] Attend(float[][] tokens, int t)
    {
        float[] all = [.. tokens.SelectMany(token => token)];
        return Lab.Attend(tokens[t], all, all);
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Distance(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();

    private static void AssertClose(float[] expected, float[] got, double tolerance) => Assert.InRange(Distance(expected, got), 0, tolerance);
}
