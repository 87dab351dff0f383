using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Tests.Training.Data;

public class TokenDatasetTests
{
    private static readonly int[] Counting = [.. Enumerable.Range(0, 100)];

    [Fact]
    public void FillRandom_AnyWindow_TargetsAreTheNextInputsOfTheTrainingPart()
    {
        TokenDataset dataset = new(Counting, 0.1);
        TokenBatch batch = new(3, 7);
        SeededRandom random = new(1);
        int last = 0;
        for (int step = 0; step < 200; step++)
        {
            dataset.FillRandom(batch, random);
            for (int i = 0; i < batch.Inputs.Length; i++) Assert.Equal(batch.Inputs[i] + 1, batch.Targets[i]); // ids count up: the next is one more
            last = Math.Max(last, batch.Targets.Max());
        }
        Assert.Equal(89, last); // the tail 90 to 99 is held out, and every start before it is reached
    }

    [Fact]
    public void FillRandom_Share_IsTheBeginningOfTheTrainingPart()
    {
        TokenDataset dataset = new(Counting, 0.1);
        TokenBatch batch = new(3, 7);
        SeededRandom random = new(1);
        int last = 0;
        for (int step = 0; step < 200; step++)
        {
            dataset.FillRandom(batch, random, share: 0.5);
            last = Math.Max(last, batch.Targets.Max());
        }
        Assert.Equal(44, last); // of 0 to 89
        Assert.Throws<InvalidDataException>(() => dataset.FillRandom(batch, random, share: 0.05));
    }

    [Fact]
    public void FillRandom_SameSeed_SameWindows()
    {
        TokenDataset dataset = new(Counting, 0.1);
        TokenBatch first = new(2, 5), second = new(2, 5);
        dataset.FillRandom(first, new SeededRandom(3));
        dataset.FillRandom(second, new SeededRandom(3));
        Assert.Equal(first.Inputs, second.Inputs);
    }

    [Fact]
    public void FillHeldOut_FirstBatch_IsTheBeginningOfTheTail()
    {
        TokenDataset dataset = new(Counting, 0.1);
        TokenBatch batch = new(2, 4);
        dataset.FillHeldOut(batch, 0);
        Assert.Equal([90, 91, 92, 93, 94, 95, 96, 97], batch.Inputs);
        Assert.Equal([91, 92, 93, 94, 95, 96, 97, 98], batch.Targets);
        Assert.Equal(1, dataset.HeldOutBatchCount(batch));
    }

    [Fact]
    public void FillRandom_CorpusShorterThanAWindow_SaysHowManyTokensThereAre()
    {
        TokenDataset dataset = new(Counting.AsMemory(0, 8), 0.5);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => dataset.FillRandom(new TokenBatch(1, 4), new SeededRandom(1)));
        Assert.Contains("4 tokens", error.Message);
    }
}
