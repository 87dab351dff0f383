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
        Assert.Equal(CheckOutcome.Passed, Check.Run("6.3", new Learner { Scale = (d, _) => 1 / MathF.Sqrt(d) }).Outcome);

    [Fact]
    public void AttendHead_DividedByD_IsRecognisedWhereDIsNotOne()
    {
        CheckResult result = Check.Run("6.3", new Learner { Scale = (d, _) => 1f / d });
        Assert.Equal("scaled by D", result.MistakeName);
        Assert.Contains("4 of 9 cases pass", result.ToString()); // D = 1 three times, and equal keys
    }

    [Fact]
    public void AttendHead_NotScaledInFloat_IsRecognised() =>
        Assert.Equal("not scaled", Check.Run("6.3", new Learner { Scale = (_, _) => 1 }).MistakeName);

    [Fact]
    public void AttendHead_WithoutTheMaximumInFloat_IsRecognised() =>
        Assert.Equal("maximum not subtracted", Check.Run("6.3", new Learner { SubtractsMaximum = false }).MistakeName);

    [Fact]
    public void AttendHead_OutputNotCleared_IsRecognised() =>
        Assert.Equal("added to the output", Check.Run("6.3", new Learner { Clears = false }).MistakeName);

    [Fact]
    public void AttendHead_TwoMistakesAtOnce_IsCalledUnknown()
    {
        CheckResult result = Check.Run("6.3", new Learner { Clears = false, Scale = (_, _) => 1 });
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Null(result.LikelyCause);
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
        public Func<int, float, float> Scale { get; init; } = (_, scale) => scale;
        public bool SubtractsMaximum { get; init; } = true;
        public bool Clears { get; init; } = true;

        protected internal override void AttendHead(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
            AttentionOptions options, Span<float> output)
        {
            int d = query.Length, count = keys.Length / d;
            float[] e = new float[count];
            for (int s = 0; s < count; s++)
                for (int i = 0; i < d; i++) e[s] += query[i] * keys[s * d + i];
            float factor = Scale(d, options.Scale), max = SubtractsMaximum ? e.Max() * factor : 0, total = 0;
            for (int s = 0; s < count; s++) total += e[s] = MathF.Exp(e[s] * factor - max);
            if (Clears) output.Fill(0);
            for (int s = 0; s < count; s++)
                for (int i = 0; i < d; i++) output[i] += e[s] / total * values[s * d + i];
        }
    }
}
