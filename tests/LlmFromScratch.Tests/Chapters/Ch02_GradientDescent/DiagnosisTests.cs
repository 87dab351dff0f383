using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch02_GradientDescent;

/// <summary>Mistakes as a learner writes them, in another style than the catalogue's mutants, get the same diagnosis.</summary>
[Trait("Chapter", "02")]
public class DiagnosisTests
{
    [Fact]
    public void Correct_WithAnIf_Passes()
    {
        static (double[], double) Correct(double[] w, double b, double[] x, int t)
        {
            bool says = w.Select((v, i) => v * x[i]).Sum() + b > 0;
            if (says == (t == 1)) return ([.. w], b);
            double sign = t == 1 ? 1 : -1;
            return ([.. w.Select((v, i) => v + sign * x[i])], b + sign);
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("2.1", Correct).Outcome);
    }

    [Fact]
    public void NumericGradient_OneSided_IsNamed()
    {
        static double[] Forward(Func<double[], double> f, double[] x)
        {
            double at = f(x);
            double[] g = new double[x.Length];
            for (int i = 0; i < x.Length; i++) { double[] y = [.. x]; y[i] += 1e-5; g[i] = (f(y) - at) / 1e-5; }
            return g;
        }
        Assert.Equal("one-sided", Check.Run("2.2", Forward).MistakeName);
    }

    [Fact]
    public void NumericGradient_AddedBack_IsNamed()
    {
        static double[] InPlace(Func<double[], double> f, double[] x)
        {
            const double h = 0.00001;
            List<double> slopes = [];
            for (int i = 0; i < x.Length; i++)
            {
                x[i] += h;
                double right = f(x);
                x[i] -= 2 * h;
                double left = f(x);
                x[i] += h;
                slopes.Add((right - left) / (2 * h));
            }
            return [.. slopes];
        }
        Assert.Equal("put back by adding", Check.Run("2.2", InPlace).MistakeName);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "overwritten")]
    public void Gradients_WithASwitch_AddOrOverwrite(bool adds, string? mistake)
    {
        double[] Gradients(double[] leaves, (char Op, int A, int B)[] steps)
        {
            List<double> numbers = [.. leaves];
            foreach ((char op, int a, int b) in steps) numbers.Add(op switch { '+' => numbers[a] + numbers[b], _ => numbers[a] * numbers[b] });
            double[] gradients = new double[numbers.Count];
            gradients[^1] = 1;
            for (int s = steps.Length; s-- > 0;)
            {
                double own = gradients[leaves.Length + s];
                (char op, int a, int b) = steps[s];
                gradients[a] = (adds ? gradients[a] : 0) + own * (op == '*' ? numbers[b] : 1);
                gradients[b] = (adds ? gradients[b] : 0) + own * (op == '*' ? numbers[a] : 1);
            }
            return gradients;
        }
        CheckResult result = Check.Run("2.3", Gradients);
        Assert.Equal((mistake is null ? CheckOutcome.Passed : CheckOutcome.Failed, mistake), (result.Outcome, result.MistakeName));
    }

    [Fact]
    public void AdamSteps_WithoutCorrection_IsNamed()
    {
        static double[] Adam(double w, double[] gs, double rate, double b1, double b2, double e, double decay)
        {
            double m = 0, v = 0;
            List<double> all = [];
            foreach (double g in gs)
            {
                (m, v) = (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g);
                w = w - rate * decay * w - rate * m / (Math.Sqrt(v) + e);
                all.Add(w);
            }
            return [.. all];
        }
        Assert.Equal("no bias correction", Check.Run("2.4", Adam).MistakeName);
    }

    [Fact]
    public void Example_SameTargets_IsNamed() =>
        Assert.Equal("not shifted", Check.Run("2.5", (int[] t, int s, int n) => (t.Skip(s).Take(n).ToArray(), t.Skip(s).Take(n).ToArray())).MistakeName);

    [Fact]
    public void Example_RangeOfTheTargets_IsNamedAndItsMessageExplained()
    {
        CheckResult result = Check.Run("2.5", (int[] tokens, int start, int length) => (tokens[start..(start + length)], tokens[(start + 1)..(start + length + 1)]));
        Assert.Equal("range beyond the end", result.MistakeName);
        Assert.Contains("its own and not the exercise's", result.ToString());
    }
}
