using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A9: log-sum-exp, and softmax's maximum and sum in one pass over blocks (Milakov and Gimelshein 2018, section 3).</summary>
[Trait("Chapter", "01")]
public class LogSumExpTests
{
    [Fact]
    public void LogSumExp_OfEqualLogits_IsTheLogitPlusLogN() => Assert.Equal(1000 + Math.Log(4), Lab.LogSumExp([1000, 1000, 1000, 1000]), 10);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(1000)]
    public void OnlineSoftmax_AnyBlockSize_EqualsTwoPasses(int block)
    {
        foreach (float[] logits in RandomDistributions.Logits(100, spread: 30, seed: 11))
        {
            (double max, double sum) = logits.Chunk(block).Select(Summarise).Aggregate(Merge);
            Assert.Equal(Lab.LogSumExp(logits), max + Math.Log(sum), 10);
            float[] twoPasses = Lab.Softmax(logits);
            for (int i = 0; i < logits.Length; i++) Assert.Equal(twoPasses[i], Math.Exp(logits[i] - max) / sum, 1e-7);
        }
    }

    [Fact]
    public void Merge_InAnyOrder_IsTheSame()
    {
        (double, double) a = Summarise([1, 5]), b = Summarise([-3]), c = Summarise([900]);
        (double leftMax, double leftSum) = Merge(Merge(a, b), c);
        (double rightMax, double rightSum) = Merge(a, Merge(c, b));
        Assert.Equal(leftMax, rightMax);
        Assert.Equal(leftSum, rightSum, 12);
    }

    private static (double Max, double Sum) Summarise(float[] block) => (block.Max(), block.Sum(z => Math.Exp(z - block.Max())));

    private static (double Max, double Sum) Merge((double Max, double Sum) a, (double Max, double Sum) b)
    {
        double max = Math.Max(a.Max, b.Max);
        return (max, a.Sum * Math.Exp(a.Max - max) + b.Sum * Math.Exp(b.Max - max));
    }
}
