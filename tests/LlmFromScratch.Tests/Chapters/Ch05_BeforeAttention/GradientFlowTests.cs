using LlmFromScratch.Course;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Chapters.Ch05_BeforeAttention;

[Trait("Chapter", "05")]
public class GradientFlowTests
{
    private const int Size = 32, Steps = 50;

    [Theory, InlineData(0.5), InlineData(0.9), InlineData(1.0), InlineData(1.1), InlineData(2.0)]
    public void Nudge_OfAStraightCell_GrowsByTheSpectralRadiusAStep(double radius)
    {
        double[] sizes = Nudge(radius, bends: false);
        Assert.Equal(radius, Math.Pow(sizes[Steps] / sizes[10], 1.0 / (Steps - 10)), 0.02 * radius); // geometric from the tenth step on
        Assert.Equal(radius, Math.Pow(sizes[30] / sizes[10], 1.0 / 20), 0.05 * radius);
    }

    [Fact]
    public void Nudge_OfABentCell_VanishesBelowRadiusOneAndMayVanishAbove()
    {
        foreach (double radius in new[] { 0.5, 0.9, 1.1 })
            Assert.True(Nudge(radius, bends: true)[Steps] < 0.1 * Nudge(radius, bends: false)[Steps]); // the slope of tanh is at most 1
        Assert.True(Nudge(1.1, bends: true)[Steps] < 0.01); // a radius above 1 is not enough to explode
        Assert.True(Nudge(4, bends: true)[Steps] > 100);
    }

    [Fact]
    public void FreshLayer_ItsMatrix_HasTheRadiusOfItsVariance() // uniform in ±1/√C has variance 1/(3C)
    {
        (ParameterSet parameters, _) = CellTests.Layer(CellKind.Rnn, 64, 64);
        double[] u = [.. parameters["cell.weight_hh"].Data.ToArray().Select(v => (double)v)];
        Assert.InRange(Radius(u, 64), 0.85 / Math.Sqrt(3), 1.2 / Math.Sqrt(3)); // the circular law holds for large C; at 64 a matrix strays from it
    }

    [Fact]
    public void Gradient_FiftyTokensAgo_ArrivesOnlyWhereTheGatesBeginOpen()
    {
        Assert.InRange(Arrives(CellKind.Rnn, null), 0, 1e-10);
        Assert.InRange(Arrives(CellKind.Lstm, 0), 0, 1e-8);
        Assert.InRange(Arrives(CellKind.Lstm, 4), 1e-3, 1);
        Assert.InRange(Arrives(CellKind.Gru, 4), 1e-3, 1);
    }

    [Fact]
    public void MeanSquare_OfThirtyReluLayers_StaysInABandWithGainRootTwo()
    {
        (double[] forward, double[] backward) = Spread(Math.Sqrt(2));
        Assert.All(forward, size => Assert.InRange(size / forward[0], 0.2, 5));
        Assert.All(backward, size => Assert.InRange(size / backward[^1], 0.2, 5));
        (forward, backward) = Spread(1);
        Assert.InRange(forward[^1] / forward[0], 0, 1e-7); // half a layer: 2^-29
        Assert.InRange(backward[0] / backward[^1], 0, 1e-7);
        (forward, backward) = Spread(2);
        Assert.True(forward[^1] / forward[0] > 1e7 && backward[0] / backward[^1] > 1e7); // twice a layer
    }

    [Fact]
    public void Wall_WithoutClipping_ThrowsTheWalkerOntoThePlain()
    {
        Assert.True(Slope(Descend(double.MaxValue)).Loss > 0.1);
        Assert.True(Slope(Descend(0.2)).Loss < 1e-3);
        Assert.True(Math.Abs(Slope(0).Gradient) > 1000);
        double[] close = [.. Enumerable.Range(-300, 601).Select(i => i * 0.00001)];
        Assert.InRange(close.MinBy(b => Slope(b).Loss), 0.0001, 0.001); // the valley is a slit at the wall's foot
        Assert.InRange(close.MaxBy(b => Math.Abs(Slope(b).Gradient)), -0.001, 0.0001);
    }

    // |dh_t/dh_0| over random inputs, 1 at t = 0.
    private static double[] Nudge(double radius, bool bends)
    {
        double[] u = [.. Lab.RandomNormal(Size * Size, 3).Select(v => (double)v)], h = new double[Size];
        double own = Radius(u, Size);
        for (int i = 0; i < u.Length; i++) u[i] *= radius / own;
        double[] jacobian = [.. Enumerable.Range(0, Size * Size).Select(i => i % (Size + 1) == 0 ? 1.0 : 0)];
        SeededRandom random = new(4);
        List<double> sizes = [1];
        for (int t = 1; t <= Steps; t++)
        {
            h = [.. Enumerable.Range(0, Size).Select(i => PortableMath.Tanh(Enumerable.Range(0, Size).Sum(j => u[i * Size + j] * h[j]) + random.NextGaussian()))];
            jacobian = Times(u, jacobian, Size);
            if (bends) jacobian = [.. jacobian.Select((v, n) => v * (1 - h[n / Size] * h[n / Size]))];
            sizes.Add(Norm(jacobian) / Math.Sqrt(Size));
        }
        return [.. sizes];
    }

    // Gelfand: the n-th root of |U^n| for n = 1024, by squaring.
    private static double Radius(double[] u, int size)
    {
        double log = 0;
        for (int n = 1; n <= 1024; n *= 2)
        {
            double norm = Norm(u);
            log += PortableMath.Log(norm) / n;
            u = [.. u.Select(v => v / norm)];
            u = Times(u, u, size);
        }
        return PortableMath.Exp(log);
    }

    private static double[] Times(double[] a, double[] b, int size)
    {
        double[] product = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int k = 0; k < size; k++)
                for (int j = 0; j < size; j++) product[i * size + j] += a[i * size + k] * b[k * size + j];
        return product;
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    // How much of a gradient of size 1 at the last state reaches the first token.
    private static double Arrives(CellKind kind, float? forgetBias)
    {
        (ParameterSet parameters, RecurrentLayer layer) = CellTests.Layer(kind, Size, Size);
        if (forgetBias is float bias) parameters["cell.bias_ih"].Data.Slice(Size, Size).Fill(bias);
        using Tape tape = new();
        Variable x = new Variable("x", new Shape(Steps + 1, Size)).Fill(Lab.RandomNormal((Steps + 1) * Size, 10));
        tape.Backward(layer.Forward(tape, x, layer.ZeroState(1)).State.Hidden, [.. Enumerable.Repeat(1 / MathF.Sqrt(Size), Size)]);
        return Norm([.. x.Gradient[..Size].ToArray().Select(v => (double)v)]);
    }

    private static (double[] Forward, double[] Backward) Spread(double gain)
    {
        const int width = 256, rows = 16;
        using Tape tape = new();
        SeededRandom random = new(6);
        Variable[] probes = [.. Enumerable.Range(0, 30).Select(_ => new Variable("probe", new Shape(rows, width)))]; // zeros: they hear the gradient
        List<double> forward = [];
        Variable x = new Variable("x", new Shape(rows, width)).Fill(Lab.RandomNormal(rows * width, 7));
        foreach (Variable probe in probes)
        {
            Variable w = new("w", new Shape(width, width));
            foreach (ref float value in w.Data) value = (float)(gain * random.NextGaussian() / Math.Sqrt(width));
            x = tape.Add(tape.Linear(x, w), probe);
            forward.Add(x.Data.ToArray().Average(v => (double)v * v));
            x = tape.Activate(x, Activation.Relu);
        }
        tape.Backward(x, Lab.RandomNormal(rows * width, 8));
        return ([.. forward], [.. probes.Select(probe => probe.Gradient.ToArray().Average(v => (double)v * v))]);
    }

    // h <- tanh(1.6 h + b), fifteen times from 0; loss (h - 0.6)².
    private static (double Loss, double Gradient) Slope(double b)
    {
        double h = 0, slope = 0;
        for (int t = 0; t < 15; t++)
        {
            h = PortableMath.Tanh(1.6 * h + b);
            slope = (1 - h * h) * (1.6 * slope + 1);
        }
        return ((h - 0.6) * (h - 0.6), 2 * (h - 0.6) * slope);
    }

    private static double Descend(double maxNorm)
    {
        double b = -0.5;
        for (int step = 0; step < 200; step++)
        {
            double[] gradient = [Slope(b).Gradient];
            OptimizerRules.Clip(gradient, maxNorm);
            b -= 0.05 * (1 - step / 200.0) * gradient[0];
        }
        return b;
    }
}
