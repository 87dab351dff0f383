using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training.Optimization;

public class OptimizationTests
{
    [Fact]
    public void AdamW_FirstStep_MovesByTheRateAndDecays()
    {
        // At t = 1 the corrected means are g and g², so the move is rate · g / |g| = 0.1; decay first takes 0.1 · 0.5 of the weight:
        // 2 · (1 - 0.05) - 0.1 = 1.8 for g = 4, and 2 · 0.95 + 0.1 = 2.0 for g = -4.
        Variable matrix = new Variable("matrix", new Shape(1, 2)).Fill([2, 2]);
        matrix.Gradient[0] = 4;
        matrix.Gradient[1] = -4;
        new AdamW([matrix], new AdamWSettings { WeightDecay = 0.5f }).Step(0.1f);
        Assert.Equal(1.8f, matrix.Data[0], 1e-6f);
        Assert.Equal(2.0f, matrix.Data[1], 1e-6f);
    }

    [Fact]
    public void AdamW_Norm_DoesNotDecay()
    {
        Variable norm = new Variable("norm", new Shape(17));
        norm.Data.Fill(2);
        norm.Gradient.Fill(4);
        new AdamW([norm], new AdamWSettings { WeightDecay = 0.5f }).Step(0.1f);
        foreach (float value in norm.Data) Assert.Equal(1.9f, value, 1e-6f); // 2 - 0.1, also in the tail after sixteen lanes
    }

    [Theory]
    [InlineData(0, 0.25f)] // a quarter of the climb
    [InlineData(3, 1)]
    [InlineData(4, 1)] // cos 0
    [InlineData(6, 0.55f)] // half-way: (1 + 0.1) / 2
    [InlineData(7, 0.2318f)] // 0.1 + 0.9 · (1 + cos 135°) / 2
    [InlineData(8, 0.1f)]
    [InlineData(20, 0.1f)] // and stays
    public void CosineSchedule_NineSteps_FollowsTheTable(int step, float expected) =>
        Assert.Equal(expected, new CosineSchedule(1, 0.1f, 4, 9).Rate(step), 1e-4f);

    [Theory]
    [InlineData(0, 0.5f)] // half of the climb
    [InlineData(2, 1)]
    [InlineData(4, 0.55f)] // half-way between 1 and 0.1
    [InlineData(6, 0.1f)]
    [InlineData(9, 0.1f)]
    public void LinearSchedule_SevenSteps_FollowsTheTable(int step, float expected) =>
        Assert.Equal(expected, new LinearSchedule(1, 0.1f, 2, 7).Rate(step), 1e-6f);

    [Theory]
    [InlineData(0, 0.5f)]
    [InlineData(2, 1)]
    [InlineData(5, 1)] // the last before the fall
    [InlineData(6, 0.75f)]
    [InlineData(8, 0.25f)]
    [InlineData(9, 0)] // the last step
    public void WsdSchedule_TenSteps_FollowsTheTable(int step, float expected) => Assert.Equal(expected, new WsdSchedule(1, 0, 2, 4, 10).Rate(step), 1e-6f);

    [Fact]
    public void Sgd_TwoStepsWithMomentum_FollowsTheVelocity()
    {
        // velocity 1, then 0.5 · 1 + 1 = 1.5: the weight goes 1 -> 1 - 0.1 -> 0.9 - 0.15.
        Variable weight = new Variable("w", new Shape(1)).Fill([1]);
        weight.Gradient[0] = 1;
        Sgd optimizer = new([weight], momentum: 0.5f);
        optimizer.Step(0.1f);
        Assert.Equal(0.9f, weight.Data[0], 1e-6f);
        optimizer.Step(0.1f);
        Assert.Equal(0.75f, weight.Data[0], 1e-6f);
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    [InlineData(1, 7)]
    public void Muon_AnyMatrix_BecomesNearlyOrthogonal(int rows, int columns)
    {
        SeededRandom random = new(3);
        Variable matrix = new("blk.0.w", new Shape(rows, columns));
        float[] x = new float[rows * columns];
        foreach (ref float value in x.AsSpan()) value = (float)random.NextGaussian();
        using Tape tape = new();
        new Muon([matrix], new AdamWSettings(), 0.9f, tape).Orthogonalise(x, rows, columns);
        int size = Math.Min(rows, columns);
        for (int i = 0; i < size; i++)
        {
            double square = 0; // one short side's vectors have length near 1: the quintic leaves singular values between about 0.7 and 1.2
            for (int j = 0; j < Math.Max(rows, columns); j++) square += Math.Pow(rows <= columns ? x[i * columns + j] : x[j * columns + i], 2);
            Assert.InRange(Math.Sqrt(square), 0.6, 1.3);
        }
    }

    [Fact]
    public void Muon_NormAndEmbedding_MoveAsAdamW()
    {
        Variable[] mine = Weights(), theirs = Weights();
        using Tape tape = new();
        Muon muon = new(mine, new AdamWSettings(), 0.9f, tape);
        AdamW adamW = new(theirs, new AdamWSettings());
        for (int step = 0; step < 3; step++)
        {
            muon.Step(0.1f);
            adamW.Step(0.1f);
        }
        for (int i = 0; i < mine.Length; i++) Assert.Equal(theirs[i].Data.ToArray(), mine[i].Data.ToArray());

        static Variable[] Weights()
        {
            Variable norm = new Variable("blk.0.attn_norm.weight", new Shape(2)).Fill([1, 2]), table = new Variable("token_embd.weight", new Shape(2, 1)).Fill([3, 4]);
            foreach (Variable variable in (ReadOnlySpan<Variable>)[norm, table]) variable.Gradient.Fill(0.5f);
            return [norm, table];
        }
    }

    [Theory]
    [InlineData(1.00390625f, 1)] // 1 + 2⁻⁸ lies half-way between 1 and 1 + 2⁻⁷: the even one
    [InlineData(1.01171875f, 1.015625f)] // 1 + 3·2⁻⁸ half-way between 1 + 2⁻⁷ and 1 + 2⁻⁶: the even one
    [InlineData(1.005f, 1.0078125f)]
    [InlineData(-0.1f, -0.100097656f)]
    public void RoundedWeights_Bfloat16_RoundsToNearestEven(float value, float expected)
    {
        Variable weight = new Variable("w", new Shape(1)).Fill([value]);
        RoundedWeights.Round(weight, DType.BF16);
        Assert.Equal(expected, weight.Data[0]);
    }

    [Fact]
    public void RoundedWeights_StepsBelowTheRounding_AddUpInTheExactCopy()
    {
        // 1 - 2⁻⁹ rounds back to 1 in bfloat16; without the exact copy a weight would never move.
        Variable weight = new Variable("w", new Shape(1)).Fill([1]);
        RoundedWeights rounded = new([weight], DType.BF16);
        for (int step = 0; step < 4; step++)
        {
            rounded.Restore();
            weight.Data[0] -= 1 / 512f;
            rounded.TakeAndRound();
        }
        Assert.Equal(1 - 4 / 512f, weight.Data[0]);
    }

    [Fact]
    public void ClipGlobalNorm_LongGradient_IsScaledToTheNorm()
    {
        Variable a = new("a", new Shape(1)), b = new("b", new Shape(1));
        a.Gradient[0] = 3;
        b.Gradient[0] = 4;
        Assert.Equal(5, GradientClipping.ClipGlobalNorm([a, b], 1)); // √(9 + 16)
        Assert.Equal(0.6f, a.Gradient[0], 1e-6f);
        Assert.Equal(0.8f, b.Gradient[0], 1e-6f);
    }

    [Fact]
    public void ClipGlobalNorm_ShortGradient_IsKept()
    {
        Variable a = new("a", new Shape(1));
        a.Gradient[0] = 0.5f;
        GradientClipping.ClipGlobalNorm([a], 1);
        Assert.Equal(0.5f, a.Gradient[0]);
    }
}
