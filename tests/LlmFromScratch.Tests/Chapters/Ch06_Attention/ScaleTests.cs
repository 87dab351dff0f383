using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G3 and erratum X9: why scores are divided by √D, and what the garbled formula would do.</summary>
[Trait("Chapter", "06")]
public class ScaleTests
{
    private const int Samples = 400;

    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(256)]
    public void Scores_RandomVectors_HaveVarianceDAndDividedOne(int size)
    {
        double variance = Rows(size).SelectMany(row => row).Average(score => (double)score * score);
        Assert.InRange(variance, 0.85 * size, 1.15 * size); // 3,200 scores that share queries by eight: a standard error of about 4%
        Assert.InRange(variance / size, 0.85, 1.15);
    }

    [Fact]
    public void Gradient_OfSoftmax_FallsWithDUnlessScoresAreDivided()
    {
        double[] raw = [.. new[] { 4, 64, 256 }.Select(size => Rows(size).Average(row => Norm(Lab.Softmax(row))))];
        double[] divided = [.. new[] { 4, 64, 256 }.Select(size =>
            Rows(size).Average(row => Norm(Lab.Softmax(Lab.Scale(row, 1 / MathF.Sqrt(size))))))];
        Assert.True(raw[0] > 1.5 * raw[1] && raw[1] > 1.5 * raw[2], string.Join(", ", raw));
        Assert.All(divided, norm => Assert.InRange(norm / divided[0], 0.9, 1.1));
    }

    [Fact]
    public void Gradient_AgainstCentralDifferences_IsWTimesDeltaMinusW()
    {
        float[] scores = [0.5f, -1, 2, 0];
        float[] w = Lab.Softmax(scores);
        const float Step = 1 / 256f;
        for (int j = 0; j < 4; j++)
        {
            float[] up = [.. scores], down = [.. scores];
            up[j] += Step;
            down[j] -= Step;
            (float[] above, float[] below) = (Lab.Softmax(up), Lab.Softmax(down));
            for (int i = 0; i < 4; i++)
                // floats over a step of 1/128: 6e-8 · 128 / 2, and step²/6
                Assert.Equal(w[i] * ((i == j ? 1 : 0) - w[j]), (above[i] - below[i]) / (2 * Step), 3e-5);
        }
    }

    [Fact]
    public void Weights_ScoresMultipliedByD_AreAllOrNothing()
    {
        float[] row = Lab.RandomScores(64, 8, 3);
        Assert.True(Lab.Softmax(Lab.Scale(row, 64)).Max() > 0.9999);
        Assert.True(Lab.Softmax(Lab.Scale(row, 1 / 8f)).Max() < 0.9);
    }

    private static IEnumerable<float[]> Rows(int size) => Enumerable.Range(1, Samples).Select(seed => Lab.RandomScores(size, keys: 8, (ulong)seed));

    private static double Norm(float[] w) =>
        Math.Sqrt(Enumerable.Range(0, w.Length).Sum(i =>
            Enumerable.Range(0, w.Length).Sum(j => Math.Pow(w[i] * ((i == j ? 1 : 0) - (double)w[j]), 2))));
}
