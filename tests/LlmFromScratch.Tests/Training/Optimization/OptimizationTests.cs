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
