using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Tests.Training.Data;

public class RepeatedTokensTests
{
    [Fact]
    public void Replace_ShareOfZero_DrawsNothing()
    {
        SeededRandom random = new(1), untouched = new(1);
        TokenBatch batch = new(4, 16);
        RepeatedTokens.Replace(batch, 0, 100, random);
        Assert.Equal(untouched.NextUInt64(), random.NextUInt64());
        Assert.All(batch.Inputs, id => Assert.Equal(0, id));
    }

    [Fact]
    public void Replace_HalfOfTheWindows_RepeatsTokensAtDistancesThatDiffer()
    {
        const int count = 400, length = 20;
        TokenBatch batch = new(count, length);
        batch.Inputs.AsSpan().Fill(-1);
        RepeatedTokens.Replace(batch, 0.5, 1000, new SeededRandom(7));
        int replaced = 0;
        HashSet<int> distances = [];
        for (int sequence = 0; sequence < count; sequence++)
        {
            int[] window = [.. batch.Inputs.AsSpan(sequence * length, length), batch.Targets[(sequence + 1) * length - 1]];
            if (window[0] < 0) continue;
            replaced++;
            Assert.Equal(window[1..], batch.Targets.AsSpan(sequence * length, length).ToArray());
            int distance = Enumerable.Range(1, length).First(n => Enumerable.Range(n, window.Length - n).All(t => window[t] == window[t - n]));
            distances.Add(distance);
        }
        Assert.InRange(replaced, 160, 240);
        Assert.Equal([4, 5, 6, 7, 8, 9, 10], distances.Order());
    }
}
