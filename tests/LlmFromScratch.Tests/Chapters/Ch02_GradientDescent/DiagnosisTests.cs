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
        Assert.Equal("no bias correction", Check.Run("2.3", Adam).MistakeName);
    }

    [Fact]
    public void Example_SameTargets_IsNamed() =>
        Assert.Equal("not shifted", Check.Run("2.4", (int[] t, int s, int n) => (t.Skip(s).Take(n).ToArray(), t.Skip(s).Take(n).ToArray())).MistakeName);
}
