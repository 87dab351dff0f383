using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Chapters.Ch02_GradientDescent;

[Trait("Chapter", "02")]
public class OptimizerTests
{
    [Theory]
    [InlineData(0.49, true)]
    [InlineData(0.5, false)]
    [InlineData(0.51, false)]
    public void Descent_OnAParabola_ConvergesBelowTwoOverItsCurvature(double rate, bool converges) // f = 2x², curvature 4
    {
        double x = 1;
        for (int step = 0; step < 1000; step++) x -= rate * 4 * x;
        Assert.Equal(converges, Math.Abs(x) < 1e-6);
    }

    [Fact]
    public void Momentum_OfOneStep_IsPlainDescent()
    {
        double[] plain = [1, 2], rolling = [1, 2];
        OptimizerRules.Sgd(plain, [0.5, -1], new double[2], 0.1, momentum: 0);
        OptimizerRules.Sgd(rolling, [0.5, -1], new double[2], 0.1, momentum: 0.9);
        Assert.Equal(plain, rolling);
        Assert.Equal([0.95, 2.1], plain);
    }

    [Fact]
    public void Adam_FirstStep_IsOneRateLongWhateverTheGradient() // m̂ = g, v̂ = g²: the step is the rate times the sign
    {
        foreach (double gradient in new[] { 1e-3, 1, 1e6 })
        {
            double[] weight = [0];
            OptimizerRules.AdamW(weight, [gradient], new double[1], new double[1], 1, rate: 0.1, 0.9, 0.999, 1e-12, decay: 0);
            Assert.Equal(-0.1, weight[0], 1e-6);
        }
    }

    [Fact]
    public void Decay_OfAdamW_DoesNotHangOnTheGradient()
    {
        double small = Faded(0.01, decoupled: true), large = Faded(100, decoupled: true);
        Assert.Equal(small, large, 0.02);
        Assert.True(Faded(0.01, decoupled: false) < 0.1 && Faded(100, decoupled: false) > 0.95); // in the gradient it is overdone, or divided away
    }

    [Fact]
    public void Schedule_WarmUpAndCosine_GoesThroughItsFixedPoints()
    {
        CosineSchedule schedule = new(Peak: 0.003f, Final: 0.0003f, WarmupSteps: 100, TotalSteps: 1000);
        float[] rates = [.. Enumerable.Range(0, 1000).Select(schedule.Rate)];
        Assert.Equal(0.003f, rates.Max(), 1e-7f);
        Assert.InRange(Array.IndexOf(rates, rates.Max()), 99, 100);
        Assert.Equal((0.003f + 0.0003f) / 2, schedule.Rate(550), 2e-5f); // half way down the cosine
        Assert.InRange(rates[^1], 0.0003f, 0.00031f);
        Assert.True(rates[0] < 0.0001f);
    }

    [Fact]
    public void Clip_ALongGradient_KeepsItsDirection()
    {
        double[] gradient = [3, -4];
        Assert.Equal(5, OptimizerRules.Clip(gradient, 1), 1e-12);
        Assert.Equal(-0.75, gradient[0] / gradient[1], 1e-12);
        Assert.InRange(Math.Sqrt(gradient.Sum(v => v * v)), 0.999, 1);
    }

    [Fact]
    public void Clip_AShortGradient_LeavesIt()
    {
        double[] gradient = [0.3, -0.4];
        OptimizerRules.Clip(gradient, 1);
        Assert.Equal([0.3, -0.4], gradient);
    }

    [Fact]
    public void Adam_WhereCurvaturesDifferByThousands_IsAheadOfMomentumAndPlainDescent() // each at its best rate of a grid
    {
        double plain = Best("plain"), momentum = Best("momentum"), adam = Best("Adam");
        Assert.True(adam < momentum / 100 && momentum < plain, $"plain {plain}, momentum {momentum}, Adam {adam}");
    }

    private static double Best(string kind) => Enumerable.Range(-5, 5).SelectMany(power => new[] { 1, 1.5, 2, 3, 5, 7 }.Select(digit => digit * Math.Pow(10, power)))
        .Select(rate => Ravine(kind, rate)).Where(double.IsFinite).Min();

    private static double Ravine(string kind, double rate) // f = (2500 x² + y²) / 2 from (1, 5), 100 steps
    {
        double[] p = [1, 5], m = new double[2], v = new double[2];
        for (int t = 1; t <= 100; t++)
        {
            double[] g = [2500 * p[0], p[1]];
            if (kind == "Adam") OptimizerRules.AdamW(p, g, m, v, t, rate, 0.9, 0.999, 1e-8, decay: 0);
            else OptimizerRules.Sgd(p, g, m, rate, momentum: kind == "momentum" ? 0.8 : 0);
        }
        return (2500 * p[0] * p[0] + p[1] * p[1]) / 2;
    }

    private static double Faded(double gradient, bool decoupled)
    {
        double[] weight = [1], m = [0], v = [0];
        for (int t = 1; t <= 300; t++)
        {
            double g = t % 2 == 0 ? gradient : -gradient;
            OptimizerRules.AdamW(weight, [decoupled ? g : g + 0.1 * weight[0]], m, v, t, 0.01, 0.9, 0.999, 1e-8, decoupled ? 0.1 : 0);
        }
        return weight[0];
    }
}
