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
        CheckResult result = Check.Run("1.2", Draw);
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Null(result.MistakeName); // two mistakes at once, the border and the end: not one of the catalogue
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
    public void Bigram_WithADictionaryAndTheLastIdCounted_IsRecognised()
    {
        static float[] Bigram(int[] ids, int size)
        {
            float[] table = new float[size * size];
            Dictionary<int, int> seen = ids.GroupBy(id => id).ToDictionary(group => group.Key, group => group.Count());
            for (int i = 1; i < ids.Length; i++) table[ids[i - 1] * size + ids[i]] += 1f / seen[ids[i - 1]];
            for (int a = 0; a < size; a++)
                if (!seen.ContainsKey(a) || ids.Length == 1) Array.Fill(table, 1f / size, a * size, size);
            return table;
        }
        Assert.Equal("last id counted", Check.Run("1.3", Bigram).MistakeName);
    }

    [Fact]
    public void Bigram_DividedByOccurrencesWithTheUnseenRuleKept_IsRecognised()
    {
        static float[] Bigram(int[] ids, int size)
        {
            float[] table = new float[size * size];
            for (int i = 0; i + 1 < ids.Length; i++) table[ids[i] * size + ids[i + 1]]++;
            for (int a = 0; a < size; a++)
            {
                Span<float> row = table.AsSpan(a * size, size);
                int occurrences = ids.Count(id => id == a);
                if (row.IndexOfAnyExcept(0f) < 0) row.Fill(1f / size);
                else foreach (ref float value in row) value /= occurrences;
            }
            return table;
        }
        Assert.Equal("last id counted, rows without a pair even", Check.Run("1.3", Bigram).MistakeName);
    }

    [Fact]
    public void Bigram_DividedByOccurrencesWhereThereAreAny_IsRecognised()
    {
        static float[] Bigram(int[] ids, int size)
        {
            double[,] counts = new double[size, size];
            int[] occurrences = new int[size];
            foreach (int id in ids) occurrences[id]++;
            foreach ((int a, int b) in ids.Zip(ids.Skip(1))) counts[a, b]++;
            return [.. from a in Enumerable.Range(0, size)
                       from b in Enumerable.Range(0, size)
                       select (float)(occurrences[a] == 0 ? 1.0 / size : counts[a, b] / occurrences[a])];
        }
        Assert.Equal("last id counted, and a single id", Check.Run("1.3", Bigram).MistakeName);
    }

    [Fact]
    public void Bigram_TurnedAtTheEnd_IsRecognised()
    {
        static float[] Bigram(int[] ids, int size)
        {
            float[] table = new float[size * size];
            foreach (IGrouping<int, int> next in ids.Zip(ids.Skip(1)).GroupBy(pair => pair.First, pair => pair.Second))
                foreach (int b in next) table[b * size + next.Key] += 1f / next.Count();
            for (int a = 0; a < size; a++)
                if (!ids[..^1].Contains(a))
                    for (int b = 0; b < size; b++) table[b * size + a] = 1f / size;
            return table;
        }
        Assert.Equal("turned after dividing", Check.Run("1.3", Bigram).MistakeName);
    }

    [Fact]
    public void Bigram_DividedByAllPairs_IsRecognised()
    {
        static float[] Bigram(int[] ids, int size)
        {
            float[] table = new float[size * size];
            for (int i = 0; i + 1 < ids.Length; i++) table[ids[i] * size + ids[i + 1]]++;
            return [.. table.Select(count => count / (ids.Length - 1))];
        }
        Assert.Equal("joint, and a single id", Check.Run("1.3", Bigram).MistakeName);
    }

    [Fact]
    public void NextEntropy_AsTheAverageSurpriseOfThePairs_Passes()
    {
        static double Entropy(int[] ids, int size)
        {
            var pairs = ids.Zip(ids.Skip(1)).ToArray();
            return pairs.Average(pair => Math.Log2((double)pairs.Count(p => p.First == pair.First) / pairs.Count(p => p == pair)));
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("1.4", Entropy).Outcome);
    }

    [Theory]
    [InlineData(1, "nats")]
    [InlineData(Math.E, "weighted by how often the id occurs")]
    public void NextEntropy_InALoop_IsRecognised(double unit, string name)
    {
        double Entropy(int[] ids, int size)
        {
            double bits = 0;
            for (int a = 0; a < size; a++)
            {
                int[] next = [.. Enumerable.Range(1, ids.Length - 1).Where(i => ids[i - 1] == a).Select(i => ids[i])];
                double weight = unit == 1 ? next.Length / (ids.Length - 1.0) : ids.Count(id => id == a) / (double)ids.Length;
                foreach (int b in next.Distinct())
                {
                    double p = next.Count(id => id == b) / (double)next.Length;
                    bits -= weight * p * (unit == 1 ? Math.Log(p) : Math.Log2(p));
                }
            }
            return bits;
        }
        Assert.Equal(name, Check.Run("1.4", Entropy).MistakeName);
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
