using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Mistakes in the table of pairs and in its entropy, as a learner writes them, get the diagnosis of the catalogue's mutants.</summary>
[Trait("Chapter", "01")]
public class PairDiagnosisTests
{
    [Fact]
    public void Bigram_OfWholeNumbers_IsRecognised()
    {
        static float[] Bigram(int[] ids, int size)
        {
            int[] counts = new int[size * size], pairs = new int[size];
            for (int i = 0; i + 1 < ids.Length; i++)
            {
                counts[ids[i] * size + ids[i + 1]]++;
                pairs[ids[i]]++;
            }
            return [.. counts.Select((count, i) => pairs[i / size] > 0 ? count / pairs[i / size] : 1f / size)];
        }
        Assert.Equal("whole numbers divided", Check.Run("1.3", Bigram).MistakeName);
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

    [Theory]
    [InlineData(false, "even rows counted")]
    [InlineData(true, "whole numbers divided")]
    public void NextEntropy_ByTheRowsOfTheTable_IsRecognised(bool isWeighted, string name)
    {
        double Entropy(int[] ids, int size)
        {
            double[] bits = new double[size];
            for (int a = 0; a < size; a++)
            {
                int[] next = [.. Enumerable.Range(1, ids.Length - 1).Where(i => ids[i - 1] == a).Select(i => ids[i])];
                IEnumerable<double> row = Enumerable.Range(0, size).Select(b => next.Length == 0 ? 1.0 / size : next.Count(id => id == b) / (double)next.Length);
                bits[a] = (isWeighted ? next.Length / (ids.Length - 1) : 1) * row.Where(p => p > 0).Sum(p => -p * Math.Log2(p));
            }
            return isWeighted ? bits.Sum() : bits.Average();
        }
        Assert.Equal(name, Check.Run("1.4", Entropy).MistakeName);
    }
}
