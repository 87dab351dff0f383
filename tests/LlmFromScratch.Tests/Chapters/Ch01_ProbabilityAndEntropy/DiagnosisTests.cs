using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Mistakes as a learner writes them, in another style and another precision than the catalogue's mutants, get the same diagnosis.</summary>
[Trait("Chapter", "01")]
public class DiagnosisTests
{
    [Fact]
    public void Softmax_InDoubleWithoutTheMaximum_IsRecognised()
    {
        static float[] Softmax(float[] logits)
        {
            double[] e = new double[logits.Length];
            double sum = 0;
            for (int i = 0; i < e.Length; i++) sum += e[i] = Math.Exp(logits[i]);
            return [.. e.Select(value => (float)(value / sum))];
        }
        Assert.Equal("maximum not subtracted", Check.Run("1.1", Softmax).MistakeName);
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
    public void Entropy_InNatsInALoop_IsRecognised()
    {
        static double Entropy(float[] p)
        {
            double h = 0;
            foreach (float value in p)
                if (value != 0) h -= Math.Log(value) * value;
            return h;
        }
        Assert.Equal("nats", Check.Run("1.4", Entropy).MistakeName);
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
