using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Mistakes as a learner writes them, in another style and another precision than the catalogue's mutants, get the same diagnosis.</summary>
[Trait("Chapter", "01")]
public class DiagnosisTests
{
    [Fact]
    public void LogSoftmax_ByTheProbabilitiesInDouble_IsRecognised()
    {
        static float[] LogSoftmax(float[] logits)
        {
            double[] e = [.. logits.Select(z => Math.Exp(z - logits.Max()))];
            return [.. e.Select(value => (float)Math.Log(value / e.Sum()))];
        }
        Assert.Equal("softmax first", Check.Run("1.1", LogSoftmax).MistakeName);
    }

    [Fact]
    public void LogSoftmax_InDoubleWithoutTheMaximum_IsRecognised()
    {
        static float[] LogSoftmax(float[] logits)
        {
            double sum = 0;
            foreach (float z in logits) sum += Math.Exp(z);
            return [.. logits.Select(z => (float)(z - Math.Log(sum)))];
        }
        Assert.Equal("maximum not subtracted", Check.Run("1.1", LogSoftmax).MistakeName);
    }

    [Fact]
    public void LogSoftmax_InFloatAroundTheMean_IsRightUntilItOverflows()
    {
        static float[] LogSoftmax(float[] logits)
        {
            float mean = logits.Average(), sum = logits.Sum(z => MathF.Exp(z - mean));
            return [.. logits.Select(z => z - mean - MathF.Log(sum))];
        }
        Assert.Equal("mean subtracted", Check.Run("1.1", LogSoftmax).MistakeName);
    }

    [Fact]
    public void Draw_WithARandomNumberOfItsOwn_IsRecognised()
    {
        var random = new Random(1);
        int Draw(float[] p, double u)
        {
            double sum = 0, own = random.NextDouble();
            for (int i = 0; i < p.Length; i++)
                if (own < (sum += p[i])) return i;
            return p.Length - 1;
        }
        Assert.Equal("another answer each time", Check.Run("1.2", Draw).MistakeName);
    }

    [Fact]
    public void Draw_BySubtractingFromU_IsRecognised()
    {
        static int Draw(float[] p, double u)
        {
            int i = 0;
            while (i < p.Length - 1 && u > p[i]) u -= p[i++];
            return i;
        }
        Assert.Equal("both traps", Check.Run("1.2", Draw).MistakeName); // the border and the end
    }

    [Fact]
    public void Draw_ByRunningSumInFloat_Passes()
    {
        static int Draw(float[] p, double u)
        {
            float sum = 0;
            int last = 0;
            for (int i = 0; i < p.Length; i++)
            {
                sum += p[i];
                if (p[i] > 0) last = i;
                if (sum > u) return i;
            }
            return last;
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("1.2", Draw).Outcome);
    }

    [Fact]
    public void Draw_OneStepBackFromAnImpossibleEnd_IsRecognised()
    {
        static int Draw(float[] p, double u)
        {
            double sum = 0;
            for (int i = 0; i < p.Length; i++)
                if (u < (sum += p[i])) return i;
            int k = p.Length - 1;
            if (p[k] == 0) k--;
            return k;
        }
        Assert.Equal("one step back at the end", Check.Run("1.2", Draw).MistakeName);
    }

    [Fact]
    public void Gradient_OfLogitsWithoutSoftmax_IsRecognised()
    {
        static float[] Gradient(float[] logits, int target) => [.. logits.Select((z, i) => i == target ? z - 1 : z)];
        Assert.Equal("softmax left out", Check.Run("1.5", Gradient).MistakeName);
    }

    [Fact]
    public void Gradient_ByDifferencesTooSmallForAFloat_IsRecognised()
    {
        static float[] Gradient(float[] logits, int target)
        {
            const float h = 1e-4f;
            return [.. logits.Select((z, i) =>
                (float)((Lab.CrossEntropy([.. logits[..i], z + h, .. logits[(i + 1)..]], target) - Lab.CrossEntropy([.. logits[..i], z - h, .. logits[(i + 1)..]], target)) / (2 * h)))];
        }
        Assert.StartsWith("measured, with a step of", Check.Run("1.5", Gradient).MistakeName);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LogSumExp_OfARowThatIsKept_IsRecognised(bool isList)
    {
        double LogSumExp(IEnumerable<float> logits)
        {
            List<float> kept = [];
            if (isList) foreach (float z in logits) kept.Add(z);
            float[] row = isList ? [.. kept] : logits.ToArray();
            double max = row.Max();
            return max + Math.Log(row.Sum(z => Math.Exp(z - max)));
        }
        Assert.Equal("row held", Check.Run("1.6", LogSumExp).MistakeName);
    }

    [Fact]
    public void LogSumExp_ByAggregate_Passes()
    {
        static double LogSumExp(IEnumerable<float> logits)
        {
            (double max, double sum) = logits.Where(z => !float.IsNegativeInfinity(z)).Aggregate((Max: double.NegativeInfinity, Sum: 0.0), (state, z) =>
                z > state.Max ? (z, state.Sum * Math.Exp(state.Max - z) + 1) : (state.Max, state.Sum + Math.Exp(z - state.Max)));
            return max + Math.Log(sum);
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("1.6", LogSumExp).Outcome);
    }

    [Fact]
    public void LogSumExp_FromMinusAMillion_IsRecognised()
    {
        static double LogSumExp(IEnumerable<float> logits)
        {
            double m = -1e6, s = 0;
            foreach (float z in logits)
            {
                double larger = Math.Max(m, z);
                s = s * Math.Exp(m - larger) + Math.Exp(z - larger);
                m = larger;
            }
            return m + Math.Log(s);
        }
        Assert.Equal("maximum starts at a finite number", Check.Run("1.6", LogSumExp).MistakeName);
    }

    [Fact]
    public void LogSumExp_WithMinusInfinityFirst_IsRecognised()
    {
        static double LogSumExp(IEnumerable<float> logits)
        {
            double m = double.NegativeInfinity, s = 0;
            foreach (float z in logits)
            {
                if (z > m) (s, m) = (s * Math.Exp(m - z) + 1, z);
                else s += Math.Exp(z - m);
            }
            return m + Math.Log(s);
        }
        Assert.Equal("minus infinity minus itself", Check.Run("1.6", LogSumExp).MistakeName);
    }

    [Fact]
    public void BitsPerByte_InALoopOverCharacters_IsRecognised()
    {
        static double BitsPerByte(double[] probabilities, string text)
        {
            double bits = 0;
            foreach (double p in probabilities) bits += Math.Log(1 / p, 2);
            return bits / text.ToCharArray().Length;
        }
        Assert.Equal("characters for bytes", Check.Run("1.7", BitsPerByte).MistakeName);
    }
}
