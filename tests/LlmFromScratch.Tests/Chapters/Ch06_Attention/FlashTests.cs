using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Kernels;
using Part = (double Max, double Sum, double[] Mixed);

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G11: attention over tiles (Dao et al. 2022), with the merge of exercise 6.5.</summary>
[Trait("Chapter", "06")]
public class FlashTests
{
    private const int Size = 16;
    private static readonly Func<Part, Part, Part> Merge = (Func<Part, Part, Part>)ExerciseCatalogue.Find("6.5").CreateSolution();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Tiles_AnySize_EqualTheWholeRow(int tile)
    {
        float[] query = Lab.Scale(Lab.RandomNormal(Size, 1), 4), keys = Lab.RandomNormal(100 * Size, 2), values = Lab.RandomNormal(100 * Size, 3);
        Part all = keys.Chunk(tile * Size).Zip(values.Chunk(tile * Size), (k, v) => PartOf(query, k, v)).Aggregate(Merge);
        float[] whole = Lab.Attend(query, keys, values);
        for (int i = 0; i < Size; i++) Assert.Equal(whole[i], all.Mixed[i] / all.Sum, 1e-6);
    }

    [Fact]
    public void Merge_InAnyGrouping_IsTheSame()
    {
        Part[] parts = [.. Enumerable.Range(0, 3).Select(n =>
            PartOf(Lab.RandomNormal(Size, 1), Lab.RandomNormal(5 * Size, (ulong)n + 10), Lab.RandomNormal(5 * Size, (ulong)n + 20)))];
        Part left = Merge(Merge(parts[0], parts[1]), parts[2]), right = Merge(parts[2], Merge(parts[1], parts[0]));
        Assert.Equal(left.Max, right.Max);
        Assert.Equal(left.Sum, right.Sum, 12);
        for (int i = 0; i < Size; i++) Assert.Equal(left.Mixed[i], right.Mixed[i], 12);
    }

    [Fact]
    public void Weights_FromOneKeptNumber_AreThoseOfSoftmax() // what the backward pass needs
    {
        float[] scores = Lab.Scale(Lab.RandomNormal(50, 4), 5), weights = Lab.Softmax(scores);
        double kept = Lab.LogSumExp(scores);
        for (int s = 0; s < scores.Length; s++) Assert.Equal(weights[s], Math.Exp(scores[s] - kept), 1e-7);
    }

    [Fact]
    public void Engine_LongPrompt_HoldsNoSquareOfScores()
    {
        const int Tokens = 2000;
        using CpuBackend backend = new(threads: 1);
        OpRuns.Attention(backend, heads: 1, kvHeads: 1, size: 4, blockSize: 16, rowsAtOnce: Tokens, DType.F32, 8);
        long before = GC.GetAllocatedBytesForCurrentThread(); // one thread does it all; the process count would include other tests
        OpRuns.Attention(backend, heads: 1, kvHeads: 1, size: 4, blockSize: 16, rowsAtOnce: Tokens, DType.F32, Tokens);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        // inputs and lists of the test are under 2 MB, the square would be 16 MB
        Assert.InRange(allocated, 0, (long)Tokens * Tokens * sizeof(float) / 4);
    }

    private static Part PartOf(float[] query, float[] keys, float[] values)
    {
        double[] scores = [.. keys.Chunk(Size).Select(key => key.Zip(query, (k, q) => (double)k * q).Sum() / Math.Sqrt(Size))];
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
        double[] mixed = [.. Enumerable.Range(0, Size).Select(i => exponentials.Select((e, s) => e * values[s * Size + i]).Sum())];
        return (scores.Max(), exponentials.Sum(), mixed);
    }
}
