using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Tests.Training.Data;

public class TokenNoiseTests
{
    private const int Separator = 0, Vocab = 6;

    // 1 follows 0, 2 and 3; 2 follows 1 and 3; 3 follows 1; 4 and 5 follow nothing.
    private static readonly int[] Ids = [0, 1, 2, 1, 3, 1, 3, 2, 0, 1, 2, 0];

    [Fact]
    public void Replace_ShareOfZero_DrawsNothing()
    {
        SeededRandom random = new(1), untouched = new(1);
        new TokenNoise(Ids, Vocab, Separator).Replace(new TokenBatch(4, 16), 0, random);
        Assert.Equal(untouched.NextUInt64(), random.NextUInt64());
    }

    /// <summary>By hand: 1 stands after three different tokens, 2 after two, 3 after one, so that they are drawn as 3 : 2 : 1. What was a 3 and became a 3 shows nothing.</summary>
    [Fact]
    public void Replace_AllWindows_PutsInTokensByHowManyTheyFollow()
    {
        int[] counts = new int[Vocab];
        int changed = 0, total = 0;
        Noised(share: 1, fill: 5, (window, _) =>
        {
            foreach (int token in window) counts[token]++;
            changed += window.Count(token => token != 5);
            total += window.Length;
        });
        Assert.Equal(0, counts[4]);
        Assert.InRange(counts[1] / (double)changed, 0.48, 0.52);
        Assert.InRange(counts[2] / (double)changed, 0.31, 0.36);
        Assert.InRange(counts[3] / (double)changed, 0.14, 0.19);
        Assert.InRange(changed / (double)total, 0.07, 0.1); // the mean of 0.01 · 30^u is (0.3 - 0.01) / ln 30 = 0.085
    }

    [Fact]
    public void Replace_WhatIsForetold_IsWhatIsReadNext() => Noised(share: 1, fill: 5, (window, targets) => Assert.Equal(window[1..], targets));

    [Fact]
    public void Replace_Separators_StayAndAreNotPutIn()
    {
        Noised(share: 1, fill: Separator, (window, _) => Assert.All(window, token => Assert.Equal(Separator, token)));
        Noised(share: 1, fill: 5, (window, _) => Assert.DoesNotContain(Separator, window));
    }

    [Fact]
    public void Replace_HalfOfTheWindows_LeavesTheOthers()
    {
        int untouched = 0;
        Noised(share: 0.5, fill: 5, (window, _) => untouched += window.All(token => token == 5) ? 1 : 0);
        Assert.InRange(untouched, 200, 330); // of 400: half, and some whose rate was low
    }

    [Fact]
    public void Smooth_ATenth_ChangesWhatIsForetoldAndNotWhatIsRead()
    {
        TokenBatch batch = new(100, 60);
        batch.Inputs.AsSpan().Fill(5);
        batch.Targets.AsSpan().Fill(5);
        batch.Targets[0] = Separator;
        new TokenNoise(Ids, Vocab, Separator).Smooth(batch, 0.1, new SeededRandom(3));
        Assert.All(batch.Inputs, token => Assert.Equal(5, token));
        Assert.Equal(Separator, batch.Targets[0]);
        Assert.InRange(batch.Targets.Count(token => token != 5), 500, 700);
        Assert.DoesNotContain(4, batch.Targets);
    }

    [Fact]
    public void Constructor_NothingButSeparators_IsRefused() =>
        Assert.Contains("expected words to put in", Assert.Throws<ArgumentException>(() => new TokenNoise([0, 0, 0], Vocab, Separator)).Message);

    private static void Noised(double share, int fill, Action<int[], int[]> look)
    {
        const int count = 400, length = 60;
        TokenBatch batch = new(count, length);
        batch.Inputs.AsSpan().Fill(fill);
        batch.Targets.AsSpan().Fill(fill);
        new TokenNoise(Ids, Vocab, Separator).Replace(batch, share, new SeededRandom(3));
        for (int sequence = 0; sequence < count; sequence++)
        {
            int[] targets = [.. batch.Targets.AsSpan(sequence * length, length)];
            look([.. batch.Inputs.AsSpan(sequence * length, length), targets[^1]], targets);
        }
    }
}
