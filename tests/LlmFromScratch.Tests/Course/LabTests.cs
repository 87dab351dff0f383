using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Course;

public class LabTests
{
    [Fact]
    public void Softmax_Input_IsNotChanged()
    {
        float[] logits = [1, 2];
        Lab.Softmax(logits);
        Assert.Equal([1, 2], logits);
    }

    [Fact]
    public void RandomScores_ManyKeys_HaveTheVarianceOfTheirSize()
    {
        float[] scores = Lab.RandomScores(size: 64, keys: 20000, seed: 3);
        double length = scores.Average(score => (double)score * score); // |q|² given one query, which is 64 on average
        Assert.InRange(length, 32, 128);
        Assert.Equal(scores, Lab.RandomScores(64, 20000, 3));
        Assert.NotEqual(scores, Lab.RandomScores(64, 20000, 4));
    }

    [Fact]
    public void Bits_OfLn2_AreOne() => Assert.Equal(1, Lab.Bits(Math.Log(2)), 12);
}
