using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Sampling;

public class LogprobsTests
{
    // Probabilities 0.3, 0.1, 0.4, 0.2; a constant on all logits changes nothing.
    private static readonly float[] Logits = [MathF.Log(0.3f) + 7, MathF.Log(0.1f) + 7, MathF.Log(0.4f) + 7, MathF.Log(0.2f) + 7];

    [Fact]
    public void Of_IsTheLogarithmOfTheSoftmax()
    {
        Assert.Equal(Math.Log(0.1), Logprobs.Of(Logits, 1), 1e-6);
        Assert.Equal(1, Enumerable.Range(0, 4).Sum(id => Math.Exp(Logprobs.Of(Logits, id))), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, 2)]
    [InlineData(3, 2, 0, 3)]
    [InlineData(9, 2, 0, 3, 1)] // more than there are
    public void Top_BestFirst_AsManyAsThereAre(int room, params int[] expected)
    {
        TokenLogprob[] best = new TokenLogprob[room];
        int count = Logprobs.Top(Logits, best);
        Assert.Equal(expected, best.Take(count).Select(token => token.Id));
        Assert.All(best.Take(count), token => Assert.Equal(Logprobs.Of(Logits, token.Id), token.Logprob, 1e-12));
    }

    [Fact]
    public void Top_Ties_LowestIdsFirst()
    {
        TokenLogprob[] best = new TokenLogprob[3];
        Logprobs.Top([1, 2, 2, 1, 2, 2], best);
        Assert.Equal([1, 2, 4], best.Select(token => token.Id));
    }

    [Fact]
    public void Top_NaNOrNothingPossible_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Logprobs.Top([0, float.NaN], new TokenLogprob[1]));
        Assert.Throws<ArgumentException>(() => Logprobs.Top([float.NegativeInfinity], new TokenLogprob[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Logprobs.Of(Logits, 4));
    }
}
