using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Autograd;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Tests.Training.Layers;

public class PositionBiasTests
{
    [Theory]
    [InlineData(0, true, 0), InlineData(-1, true, 1), InlineData(-7, true, 7), InlineData(1, true, 17), InlineData(7, true, 23)]
    [InlineData(-8, true, 8), InlineData(8, true, 24), InlineData(-128, true, 15), InlineData(5000, true, 31)] // shared buckets begin at 8
    [InlineData(1, false, 0), InlineData(0, false, 0), InlineData(-15, false, 15), InlineData(-16, false, 16), InlineData(-128, false, 31)]
    [InlineData(-32, false, 21)] // 16 + ⌊16 · ln 2 / ln 8⌋
    public void Bucket_ThirtyTwo_IsThatOfT5(int distance, bool bothWays, int expected) => Assert.Equal(expected, PositionBias.Bucket(distance, 32, bothWays));

    [Fact]
    public void Relative_ThreeQueriesOverThreeKeys_HasTheBucketOfEachDistance()
    {
        Variable table = new Variable("table", new Shape(4, 2)).Fill([0, 100, 1, 101, 2, 102, 3, 103]);
        using Tape tape = new();
        // Distances -2 to 2 with four buckets, two for each way: 1, 1, 0, 3, 3.
        Assert.Equal([1, 1, 0, 3, 3, 101, 101, 100, 103, 103], PositionBias.Relative(tape, table, 3, 3, bothWays: true).Data.ToArray());
        Variable random = Gradients.Random("table", new Shape(8, 3), 1);
        Gradients.Check(other => PositionBias.Relative(other, random, 3, 5, bothWays: false), random);
    }

    [Fact]
    public void Alibi_TwoHeads_FallsWithDistanceByTheHeadsSlope()
    {
        Variable bias = PositionBias.Alibi(headCount: 2, queryCount: 2, keyCount: 3); // distances -2, -1, 0, 1
        Assert.Equal([-0.125f, -0.0625f, 0, 0.0625f, -2f / 256, -1f / 256, 0, 1f / 256], bias.Data.ToArray()); // slopes 2^-4 and 2^-8
        Assert.False(bias.RequiresGradient);
    }
}
