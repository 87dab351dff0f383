using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training.Autograd;

public class ValueTests
{
    [Fact]
    public void Backward_ByHand_GivesThePartialDerivatives()
    {
        Value a = new(2, "a"), b = new(-3, "b"), c = new(10, "c");
        Value f = (a * b + c) * a; // a²b + ac = -12 + 20
        f.Backward();
        Assert.Equal(8, f.Data);
        Assert.Equal(-2, a.Gradient); // 2ab + c
        Assert.Equal(4, b.Gradient);  // a²
        Assert.Equal(2, c.Gradient);  // a
    }

    [Fact]
    public void Backward_NumberUsedTwice_AddsBothPaths()
    {
        Value a = new(3);
        (a + a * a).Backward();
        Assert.Equal(7, a.Gradient); // 1 + 2a
    }

    [Fact]
    public void Backward_Twice_AddsUpInTheLeavesOnly()
    {
        Value a = new(3), square = a * a;
        square.Backward();
        square.Backward();
        Assert.Equal(12, a.Gradient);
        Assert.Equal(1, square.Gradient);
    }

    [Theory]
    [InlineData("tanh"), InlineData("sigmoid"), InlineData("exp"), InlineData("log"), InlineData("relu"), InlineData("pow"), InlineData("/"), InlineData("-")]
    public void Slope_EachFunction_MatchesCentralDifferences(string function)
    {
        Value x = new(0.7, "x");
        Apply(x).Backward();
        const double step = 1e-6;
        double expected = (Apply(new(0.7 + step)).Data - Apply(new(0.7 - step)).Data) / (2 * step);
        Assert.Equal(expected, x.Gradient, 1e-8);

        Value Apply(Value v) => function switch
        {
            "tanh" => v.Tanh(),
            "sigmoid" => v.Sigmoid(),
            "exp" => v.Exp(),
            "log" => v.Log(),
            "relu" => v.Relu(),
            "pow" => v.Pow(2.5),
            "/" => 3 / v + v / 2,
            _ => 1 - -v,
        };
    }

    [Fact]
    public void Backward_LongChain_DoesNotOverflowTheStack()
    {
        Value x = new(1), sum = 0;
        for (int i = 0; i < 100_000; i++) sum += x;
        sum.Backward();
        Assert.Equal(100_000, x.Gradient);
    }

    [Fact]
    public void Print_SmallGraph_ShowsEveryNumberWithItsGradient()
    {
        Value w = new(2, "w"), x = new(3, "x"), y = w * x + 1;
        y.Backward();
        Assert.Equal("+ = 7 (gradient 1)\n  * = 6 (gradient 1)\n    w = 2 (gradient 3)\n    x = 3 (gradient 2)\n  constant = 1 (gradient 1)\n", y.Print());
    }

    [Fact]
    public void GradientDescent_OnXor_LearnsIt()
    {
        SeededRandom random = new(3);
        Value[] weights = [.. Enumerable.Range(0, 17).Select(_ => new Value(random.NextGaussian()))]; // 4 hidden neurons of 2 weights and a bias, then 5
        (double, double, double)[] samples = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)];
        double last = double.NaN;
        for (int step = 0; step < 1000; step++)
        {
            Value loss = 0;
            foreach ((double a, double b, double target) in samples)
            {
                Value output = weights[16];
                for (int h = 0; h < 4; h++) output += weights[12 + h] * (weights[3 * h] * a + weights[3 * h + 1] * b + weights[3 * h + 2]).Tanh();
                loss += (output - target) * (output - target);
            }
            foreach (Value weight in weights) weight.Gradient = 0;
            loss.Backward();
            foreach (Value weight in weights) weight.Data -= 0.05 * weight.Gradient;
            last = loss.Data;
        }
        Assert.InRange(last, 0, 1e-3);
    }
}
