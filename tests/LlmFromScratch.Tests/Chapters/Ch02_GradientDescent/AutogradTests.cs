using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Chapters.Ch02_GradientDescent;

[Trait("Chapter", "02")]
public class AutogradTests
{
    [Fact]
    public void Gradients_OfANetwork_AreTheSameByScalarsTensorsAndDifferences()
    {
        SeededRandom random = new(2);
        double[] weights = [.. Enumerable.Range(0, 8).Select(_ => random.NextGaussian())], x = [0.5, -1.2];
        Value[] scalars = [.. weights.Select(w => new Value(w))];
        Network(scalars, [.. x.Select(v => new Value(v))]).Backward();
        double[] measured = [.. weights.Select((_, i) => (At(weights, x, i, 1e-5) - At(weights, x, i, -1e-5)) / 2e-5)];
        using Tape tape = new();
        Variable first = new Variable("w1", new Shape(3, 2)).Fill([.. weights[..6].Select(w => (float)w)]), second = new Variable("w2", new Shape(1, 3)).Fill([(float)weights[6], (float)weights[7], 0]);
        Variable row = new Variable("x", new Shape(1, 2), requiresGradient: false).Fill([0.5f, -1.2f]);
        tape.Backward(tape.Linear(tape.Activate(tape.Linear(row, first), Activation.Tanh), second));
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(measured[i], scalars[i].Gradient, 1e-8);
            Assert.Equal(measured[i], i < 6 ? first.Gradient[i] : second.Gradient[i - 6], 1e-5);
        }
    }

    [Fact]
    public void Activations_OverAGrid_HaveTheSlopesThatDifferencesSay()
    {
        (string, Func<Value, Value>)[] kinds = [("sigmoid", v => v.Sigmoid()), ("tanh", v => v.Tanh()), ("relu", v => v.Relu()), ("silu", v => v * v.Sigmoid()), ("exp", v => v.Exp())];
        foreach ((string name, Func<Value, Value> f) in kinds)
            for (double z = -4.05; z < 4; z += 0.5) // not at 0, where ReLU has a corner
            {
                Value leaf = new(z);
                f(leaf).Backward();
                double measured = (f(new Value(z + 1e-6)).Data - f(new Value(z - 1e-6)).Data) / 2e-6;
                Assert.True(Math.Abs(measured - leaf.Gradient) < 1e-6 * (1 + Math.Abs(measured)), $"{name} at {z}: {leaf.Gradient}, measured {measured}");
            }
    }

    [Fact]
    public void Gradient_OfANumberUsedTwice_IsTheSumOfBothPaths()
    {
        Value a = new(3);
        (a * a + a).Backward(); // 2a + 1
        Assert.Equal(7, a.Gradient);
    }

    [Fact]
    public void Gradient_NotSetToZero_AddsUp()
    {
        Value a = new(3);
        (a * 2).Backward();
        (a * 2).Backward();
        Assert.Equal(4, a.Gradient);
    }

    // Two inputs, three tanh units, the third without a way out.
    private static Value Network(Value[] w, Value[] x)
    {
        Value sum = 0;
        for (int h = 0; h < 2; h++) sum += w[6 + h] * (w[2 * h] * x[0] + w[2 * h + 1] * x[1]).Tanh();
        return sum + (w[4] * x[0] + w[5] * x[1]).Tanh() * 0;
    }

    private static double At(double[] weights, double[] x, int index, double by) =>
        Network([.. weights.Select((w, i) => new Value(i == index ? w + by : w))], [.. x.Select(v => new Value(v))]).Data;
}
