using LlmFromScratch.Course;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Mistakes as a learner writes them, in float and in another style than the catalogue's mutants, get the same diagnosis; right
/// answers in another style pass.</summary>
[Trait("Chapter", "06")]
public class DiagnosisTests
{
    [Fact]
    public void AttendHead_InFloatWithoutADivisionAtTheEnd_Passes() => Assert.Equal(CheckOutcome.Passed, Check.Run("6.3", new Learner()).Outcome);

    [Fact]
    public void AttendHead_ScaledByItsOwnRootOfD_Passes() =>
        Assert.Equal(CheckOutcome.Passed, Check.Run("6.3", new Learner { ScoreScale = (d, _) => 1 / MathF.Sqrt(d) }).Outcome);

    [Fact]
    public void AttendHead_DividedByD_IsRecognisedWhereDIsNotOne()
    {
        CheckResult result = Check.Run("6.3", new Learner { ScoreScale = (d, _) => 1f / d });
        Assert.Equal("scaled by D", result.MistakeName);
        Assert.Contains("4 of 11 cases pass", result.ToString()); // D = 1 three times, and equal keys
    }

    [Fact]
    public void AttendHead_NotScaledInFloat_IsRecognised() =>
        Assert.Equal("not scaled", Check.Run("6.3", new Learner { ScoreScale = (_, _) => 1 }).MistakeName);

    [Fact]
    public void AttendHead_WithoutTheMaximumInFloat_IsRecognised() =>
        Assert.Equal("maximum not subtracted", Check.Run("6.3", new Learner { SubtractsMaximum = false }).MistakeName);

    [Fact]
    public void AttendHead_OutputNotCleared_IsRecognised() =>
        Assert.Equal("added to the output", Check.Run("6.3", new Learner { Clears = false }).MistakeName);

    [Fact]
    public void AttendHead_TwoMistakesAtOnce_IsCalledUnknown()
    {
        CheckResult result = Check.Run("6.3", new Learner { Clears = false, ScoreScale = (_, _) => 1 });
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Null(result.LikelyCause);
    }

    [Fact]
    public void AttendHead_OutputSetInTheLoop_KeepsOnlyTheLastKey() =>
        Assert.Equal("set instead of added", Check.Run("6.3", new Learner { Adds = false }).MistakeName);

    [Fact]
    public void Weights_LaidOutByKey_IsCalledTurned()
    {
        static float[] ByKey(float[] queries, float[] keys, int size)
        {
            int rows = queries.Length / size, columns = keys.Length / size;
            float[] table = new float[rows * columns];
            for (int t = 0; t < rows; t++)
            {
                float[] row = Lab.Softmax([.. keys.Chunk(size).Select(key => key.Select((k, i) => k * queries[t * size + i]).Sum())]);
                for (int s = 0; s < columns; s++) table[s * rows + t] = row[s];
            }
            return table;
        }
        Assert.Equal("turned", Check.Run("6.1", ByKey).MistakeName);
    }

    [Fact]
    public void Weights_KeysInTheOuterLoop_AreCalledExchanged()
    {
        static float[] KeysOutside(float[] queries, float[] keys, int size) =>
            [.. keys.Chunk(size).SelectMany(key => Lab.Softmax([.. queries.Chunk(size).Select(query => query.Zip(key, (q, k) => q * k).Sum())]))];
        Assert.Equal("queries and keys exchanged", Check.Run("6.1", KeysOutside).MistakeName);
    }

    [Fact]
    public void Weights_OfAsManyKeysAsQueries_AreRecognised()
    {
        static float[] Square(float[] queries, float[] keys, int size)
        {
            int count = queries.Length / size;
            float[] table = new float[count * count];
            for (int t = 0; t < count; t++)
            {
                float[] row = new float[count];
                for (int s = 0; s < count; s++)
                    for (int i = 0; i < size; i++) row[s] += queries[t * size + i] * keys[s * size + i];
                Lab.Softmax(row).CopyTo(table, t * count);
            }
            return table;
        }
        Assert.Equal("as many keys as queries", Check.Run("6.1", Square).MistakeName);
    }

    [Theory]
    [InlineData(float.NegativeInfinity, "own token hidden, first row refused")]
    [InlineData(-1e9f, "own token hidden, first row even")]
    public void CausalWeights_OwnTokenHidden_IsNamedWhateverHides(float hidden, string name)
    {
        float[] Mask(float[] scores, int rows, int positions)
        {
            float[] masked = [.. scores.Select((score, i) => i % positions < positions - rows + i / positions ? score : hidden)];
            return [.. masked.Chunk(positions).SelectMany(Lab.Softmax)];
        }
        Assert.Equal(name, Check.Run("6.2", Mask).MistakeName);
    }

    [Fact]
    public void CausalWeights_OwnTokenHiddenInPlainLoops_LeavesTheFirstRowEmpty()
    {
        static float[] Mask(float[] scores, int T, int S)
        {
            float[] weights = new float[T * S];
            for (int t = 0; t < T; t++)
            {
                float max = float.NegativeInfinity, sum = 0;
                for (int s = 0; s < S - T + t; s++) max = MathF.Max(max, scores[t * S + s]);
                for (int s = 0; s < S - T + t; s++) sum += weights[t * S + s] = MathF.Exp(scores[t * S + s] - max);
                for (int s = 0; s < S - T + t; s++) weights[t * S + s] /= sum;
            }
            return weights;
        }
        Assert.Equal("own token hidden, first row empty", Check.Run("6.2", Mask).MistakeName);
    }

    [Fact]
    public void CausalWeights_OnlyWhatIsSeen_LacksTheZeros()
    {
        static float[] Mask(float[] scores, int rows, int positions) =>
            [.. Enumerable.Range(0, rows).SelectMany(t => Lab.Softmax([.. scores.Skip(t * positions).Take(positions - rows + t + 1)]))];
        Assert.Equal("rows without their zeros", Check.Run("6.2", Mask).MistakeName);
    }

    [Fact]
    public void AttendHead_MaximumTakenBeforeTheScale_IsRecognised() => Assert.Equal("maximum of the unscaled scores", Check.Run("6.3", new UnscaledMaximum()).MistakeName);

    [Fact]
    public void GroupedHeads_ScaledBeforeLabAttend_ShowsACaseOfSmallNumbers()
    {
        static float[] Grouped(float[] query, float[] keys, float[] values, int H, int K, int D)
        {
            float[] Of(float[] cache, int g) => [.. cache.Chunk(D).Where((_, n) => n % K == g).SelectMany(row => row)];
            return [.. query.Chunk(D).SelectMany((q, h) => Lab.Attend([.. q.Select(x => x / MathF.Sqrt(D))], Of(keys, h / (H / K)), Of(values, h / (H / K))))];
        }
        CheckResult result = Check.Run("6.4", Grouped);
        Assert.Equal("scaled twice", result.MistakeName);
        Assert.Contains("query: [2, 0, 0, 2]", result.FailingCall);
    }

    [Fact]
    public void Merge_MaximumOfTheFirstReturned_IsRecognised()
    {
        static (double, double, double[]) Merge((double Max, double Sum, double[] Mixed) a, (double Max, double Sum, double[] Mixed) b)
        {
            double max = Math.Max(a.Max, b.Max), x = Math.Exp(a.Max - max), y = Math.Exp(b.Max - max);
            return (a.Max, x * a.Sum + y * b.Sum, [.. a.Mixed.Select((value, i) => x * value + y * b.Mixed[i])]);
        }
        Assert.Equal("first maximum returned", Check.Run("6.5", Merge).MistakeName);
    }

    [Theory]
    [InlineData(false, "h divided by K, index")]
    [InlineData(true, "stride of the query heads, index")]
    public void GroupedHeads_ByIndex_NamesTheWrongFactor(bool strideIsH, string name)
    {
        float[] Grouped(float[] query, float[] keys, float[] values, int H, int K, int D)
        {
            int positions = keys.Length / (K * D), stride = strideIsH ? H : K;
            float[] output = new float[H * D];
            for (int h = 0; h < H; h++)
            {
                int g = strideIsH ? h / (H / K) : h / K;
                float[] headKeys = new float[positions * D], headValues = new float[positions * D];
                for (int n = 0; n < positions * D; n++)
                {
                    headKeys[n] = keys[(n / D * stride + g) * D + n % D];
                    headValues[n] = values[(n / D * stride + g) * D + n % D];
                }
                Lab.Attend(query[(h * D)..((h + 1) * D)], headKeys, headValues).CopyTo(output, h * D);
            }
            return output;
        }
        Assert.Equal(name, Check.Run("6.4", Grouped).MistakeName);
    }

    [Fact]
    public void Merge_DividedBeforeTheEnd_IsRecognised()
    {
        static (double, double, double[]) Merge((double Max, double Sum, double[] Mixed) a, (double Max, double Sum, double[] Mixed) b)
        {
            double max = Math.Max(a.Max, b.Max), x = Math.Exp(a.Max - max), y = Math.Exp(b.Max - max), sum = x * a.Sum + y * b.Sum;
            return (max, sum, [.. a.Mixed.Select((value, i) => (x * value + y * b.Mixed[i]) / sum)]);
        }
        Assert.Equal("divided in between", Check.Run("6.5", Merge).MistakeName);
    }

    [Fact]
    public void CausalWeights_WithLargeNegativeScores_Passes()
    {
        static float[] Mask(float[] scores, int rows, int positions)
        {
            float[] masked = [.. scores.Select((score, i) => i % positions - (positions - rows) <= i / positions ? score : -1e9f)];
            return [.. masked.Chunk(positions).SelectMany(Lab.Softmax)];
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("6.2", Mask).Outcome);
    }

    [Fact]
    public void CausalWeights_UpperTriangleAsInATextbook_ForgetsTheCache()
    {
        static float[] Mask(float[] scores, int rows, int positions)
        {
            float[] masked = [.. scores];
            for (int i = 0; i < rows; i++)
                for (int j = i + 1; j < positions; j++) masked[i * positions + j] = float.NegativeInfinity;
            return [.. masked.Chunk(positions).SelectMany(Lab.Softmax)];
        }
        Assert.Equal("cache forgotten", Check.Run("6.2", Mask).MistakeName);
    }

    [Fact]
    public void Merge_RelativeToAnotherNumberThanTheMaximum_Passes()
    {
        static (double, double, double[]) Merge((double Max, double Sum, double[] Mixed) a, (double Max, double Sum, double[] Mixed) b)
        {
            double above = Math.Max(a.Max, b.Max) + 1; // any number near the largest will do
            (double x, double y) = (Math.Exp(a.Max - above), Math.Exp(b.Max - above));
            return (above, x * a.Sum + y * b.Sum, [.. a.Mixed.Select((value, i) => x * value + y * b.Mixed[i])]);
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("6.5", Merge).Outcome);
    }

    private sealed class Learner : ReferenceBackend
    {
        public Func<int, float, float> ScoreScale { get; init; } = (_, scale) => scale;
        public bool SubtractsMaximum { get; init; } = true;
        public bool Clears { get; init; } = true;
        public bool Adds { get; init; } = true;

        protected internal override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
            AttentionOptions options, Span<float> output)
        {
            int d = query.Length, count = keys.Length / d;
            float[] e = new float[count];
            for (int s = 0; s < count; s++)
                for (int i = 0; i < d; i++) e[s] += query[i] * keys[s * d + i];
            float factor = ScoreScale(d, options.Scale), max = SubtractsMaximum ? e.Max() * factor : 0, total = 0;
            for (int s = 0; s < count; s++) total += e[s] = MathF.Exp(e[s] * factor - max);
            if (Clears) output.Fill(0);
            for (int s = 0; s < count; s++)
                for (int i = 0; i < d; i++) output[i] = (Adds ? output[i] : 0) + e[s] / total * values[s * d + i];
        }
    }

    private sealed class UnscaledMaximum : ReferenceBackend
    {
        protected internal override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, AttentionOptions options, Span<float> output)
        {
            int size = query.Length, count = keys.Length / size;
            float[] scores = new float[count]; // [S]
            for (int s = 0; s < count; s++)
                for (int i = 0; i < size; i++) scores[s] += query[i] * keys[s * size + i];
            float max = scores.Max(), sum = 0;
            for (int s = 0; s < count; s++) sum += scores[s] = MathF.Exp(scores[s] * options.Scale - max);
            output.Clear();
            for (int s = 0; s < count; s++)
                for (int i = 0; i < size; i++) output[i] += scores[s] / sum * values[s * size + i];
        }
    }
}
