using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.6: log-sum-exp in one pass over a stream that is never held, the heart of FlashAttention.</summary>
internal sealed class StreamingLogSumExpExercise : Exercise<Func<IEnumerable<float>, double>>
{
    private const int LongStream = 100_000, MostBytes = 64 << 10; // to hold the stream takes 400,000 bytes; to read it, an enumerator

    /// <inheritdoc/>
    public override string Id => "1.6";

    /// <inheritdoc/>
    public override string Title => "Log-sum-exp in one pass";

    /// <inheritdoc/>
    protected override Func<IEnumerable<float>, double> Solution => logits => Fold(logits, Repaired);

    /// <inheritdoc/>
    protected override Func<IEnumerable<float>, double> Stub => _ => throw new NotImplementedException("exercise 1.6");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<IEnumerable<float>, double>>> CreateCases() =>
    [
        Stream("two zeros", 0, 0),
        Stream("one logit", 3),
        Stream("falling: 3, 2, 1", 3, 2, 1),
        Stream("rising: 1, 2, 3", 1, 2, 3),
        Stream("up and down", 0.5f, 3, -2, 1, 3, 4, -1),
        Stream("logits around 1000", 1000, 999, 1001),
        Stream("logits around -1000", -1000, -999, -1001),
        Stream("logits of -1e30", -1e30f, -1e30f),
        Stream("a logit of -∞ at the end", 1, 2, float.NegativeInfinity),
        Stream("a logit of -∞ at the start", float.NegativeInfinity, 1, 2),
        Case("100,000 logits, not to be kept", (logSumExp, inputs) =>
        {
            float[] logits = [.. Enumerable.Range(0, LongStream).Select(i => i % 97 * 0.125f)];
            IEnumerable<float> stream = inputs.Show<IEnumerable<float>>(new ReadOnceStream(logits), $"/* {LongStream:N0} numbers, one after another */");
            long before = GC.GetAllocatedBytesForCurrentThread();
            double result = logSumExp(stream);
            bool isKept = GC.GetAllocatedBytesForCurrentThread() - before > MostBytes;
            return !isKept ? Answer.Of(result) : throw new InvalidOperationException( // how many bytes exactly differs from run to run
                $"while {LongStream:N0} numbers came by, more than {MostBytes:N0} bytes were allocated; a maximum and a sum need none.");
        }),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("row held",
            "the numbers are right, but the whole row is kept, in an array or a list, or copied block by block. The point is a row too long to keep: read a number, "
            + "bring maximum and sum up to date, and forget it.",
            logits => Lab.LogSumExp([.. logits])),
        Mistake("not rescaled",
            "the old sum keeps its old maximum. When a larger logit comes, the old sum must shrink by e^(old maximum − new maximum) before the new term joins it.",
            logits => Fold(logits, (_, _) => 1)),
        Mistake("rescaled the wrong way",
            "the old sum is multiplied by e^(new − old), so it grows when it should shrink.",
            logits => Fold(logits, (oldMax, newMax) => PortableMath.Exp(newMax - oldMax))),
        Mistake("maximum not added back",
            "the sum is taken relative to the maximum, and the maximum is never added back: ln Σ e^z = m + ln Σ e^(z − m).",
            logits => Fold(logits, Repaired, finish: (_, sum) => PortableMath.Log(sum))),
        Mistake("logarithm not taken",
            "maximum and sum are right, but the logarithm of the sum is missing.",
            logits => Fold(logits, Repaired, finish: (max, sum) => max + sum)),
        Mistake("maximum starts at 0",
            "the maximum starts at 0, or at another number that these logits do not reach, so their exponentials underflow to a sum of 0. Start below every number: at −∞.",
            logits => Fold(logits, Repaired, max: 0)),
        Mistake("maximum starts at a finite number",
            "the maximum starts at a very negative number, and a logit can be more negative still: then all exponentials underflow to a sum of 0. Start below every number: at −∞.",
            logits => Fold(logits, Repaired, max: -1e6)),
        Mistake("no maximum",
            "the exponentials are summed as they come: e^1000 is ∞ and e^−1000 is 0. Keep a running maximum.",
            logits => Fold(logits, (_, _) => 1, of: (_, _) => 0, finish: (_, sum) => PortableMath.Log(sum))),
        Mistake("read twice",
            "the stream is read a second time, once for the maximum and once for the sum. Keep both while you read it once.",
            logits => logits.Max() is var max ? max + PortableMath.Log(logits.Sum(z => PortableMath.Exp(z - max))) : 0),
        Mistake("minus infinity minus itself",
            "a first logit of −∞ gives (−∞) − (−∞) = NaN in the exponent, and NaN never leaves the sum. Skip a logit of −∞: its term is 0.",
            logits => Fold(logits, Repaired, skipImpossible: false)),
    ];

    private static ExerciseCase<Func<IEnumerable<float>, double>> Stream(string name, params float[] logits) =>
        Case(name, (logSumExp, inputs) => Answer.Of(logSumExp(inputs.Show(new ReadOnceStream(logits), Literal.Of(logits)))));

    private static double Repaired(double oldMax, double newMax) => PortableMath.Exp(oldMax - newMax);

    // rescale: the factor of the old sum; of: relative to what the sum is kept, by default the maximum so far; finish: the result.
    private static double Fold(IEnumerable<float> logits, Func<double, double, double> rescale, bool skipImpossible = true,
        double max = double.NegativeInfinity, Func<double, double, double>? of = null, Func<double, double, double>? finish = null)
    {
        double sum = 0;
        foreach (float z in logits)
        {
            if (skipImpossible && float.IsNegativeInfinity(z)) continue;
            double newMax = Math.Max(max, z);
            sum = (sum == 0 && skipImpossible ? 0 : sum * rescale(max, newMax)) + PortableMath.Exp(z - (of is null ? newMax : of(max, z)));
            max = newMax;
        }
        return finish is null ? max + PortableMath.Log(sum) : finish(max, sum);
    }
}
