using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Tests.Training.Data;

public class RandomFactsTests
{
    private const int VocabSize = 2048;

    [Theory, InlineData(RandomFacts.ShortWindow), InlineData(RandomFacts.LongWindow)]
    public void Fill_EveryWindow_HasItsNextTokensAndIsDrawnFromTheSeed(int length)
    {
        (TokenBatch batch, ulong seed) = Windows(length);
        Assert.All(batch.Inputs, id => Assert.InRange(id, 0, VocabSize - 1));
        for (int row = 0; row < batch.Inputs.Length / length; row++)
            Assert.Equal(batch.Inputs.AsSpan(row * length + 1, length - 1).ToArray(), batch.Targets.AsSpan(row * length, length - 1).ToArray());
        TokenBatch again = new(64, 64);
        RandomFacts.Fill(again, VocabSize, new SeededRandom(seed));
        Assert.Equal(batch.Inputs, again.Inputs);
    }

    /// <summary>Who looks up where the last token stood before is right less often than who looks up the last four.</summary>
    [Theory, InlineData(RandomFacts.ShortWindow), InlineData(RandomFacts.LongWindow)]
    public void Fill_SecondHalf_IsForetoldByLookingFurtherBack(int length)
    {
        TokenBatch batch = Windows(length).Batch;
        int asked = 0, byOne = 0, byFour = 0, byAny = 0;
        for (int row = 0; row < batch.Inputs.Length / length; row++)
        {
            int[] window = [.. batch.Inputs.AsSpan(row * length, length), batch.Targets[(row + 1) * length - 1]];
            for (int t = length / 2; t < length; t++)
            {
                asked++;
                if (LookUp(window, t, 1) == window[t + 1]) byOne++;
                if (LookUp(window, t, 4) == window[t + 1]) byFour++;
                if (window.AsSpan(0, t + 1).Contains(window[t + 1])) byAny++;
            }
        }
        Assert.InRange((double)byAny / asked, 0.95, 1);  // nothing new is said in the second half, but where six long facts are still told
        Assert.InRange((double)byFour / asked, 0.5, 0.9); // which fact comes next nobody knows
        Assert.True(byOne < 0.92 * byFour, $"one token back foretells {byOne}, four {byFour} of {asked}");
    }

    // What followed where most of the tokens up to t, at most `most`, stood before; the nearest of several.
    private static int LookUp(int[] window, int t, int most)
    {
        (int best, int answer) = (0, -1);
        for (int s = t - 1; s >= 0; s--)
        {
            int same = 0;
            while (same < most && same <= s && window[s - same] == window[t - same]) same++;
            if (same > best) (best, answer) = (same, window[s + 1]);
        }
        return answer;
    }

    // The first seed from 1 on that gives windows of this length.
    private static (TokenBatch Batch, ulong Seed) Windows(int length)
    {
        TokenBatch batch = new(64, 64);
        for (ulong seed = 1; ; seed++)
        {
            if (RandomFacts.Fill(batch, VocabSize, new SeededRandom(seed)) == batch.Inputs.Length / length) return (batch, seed);
        }
    }
}
