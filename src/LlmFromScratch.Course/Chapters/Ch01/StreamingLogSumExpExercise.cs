using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.6: log-sum-exp in one pass over a stream, the heart of FlashAttention.</summary>
internal sealed class StreamingLogSumExpExercise : Exercise<Func<IEnumerable<float>, double>>
{
    /// <inheritdoc/>
    public override string Id => "1.6";

    /// <inheritdoc/>
    public override string Title => "Log-sum-exp in one pass";

    /// <inheritdoc/>
    protected override Func<IEnumerable<float>, double> Solution => logits => Lab.LogSumExp([.. logits]);

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
        Stream("a logit of -∞ at the end", 1, 2, float.NegativeInfinity),
        Stream("a logit of -∞ at the start", float.NegativeInfinity, 1, 2),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("not rescaled",
            "the old sum keeps its old maximum. When a larger logit comes, the old sum must shrink by e^(old maximum − new maximum) before the new term joins it.",
            logits => Fold(logits, (_, _) => 1)),
        Mistake("rescaled the wrong way",
            "the old sum is multiplied by e^(new − old), so it grows when it should shrink.",
            logits => Fold(logits, (oldMax, newMax) => PortableMath.Exp(newMax - oldMax))),
        Mistake("maximum not added back",
            "the sum is taken relative to the maximum, and the maximum is never added back: ln Σ e^z = m + ln Σ e^(z − m).",
            logits => logits.ToArray() is var z ? Lab.LogSumExp(z) - z.Max() : 0),
        Mistake("logarithm not taken",
            "maximum and sum are right, but the logarithm of the sum is missing.",
            logits => logits.ToArray() is var z ? z.Max() + PortableMath.Exp(Lab.LogSumExp(z) - z.Max()) : 0),
        Mistake("maximum starts at 0",
            "the maximum starts at 0, so logits that are all very negative underflow to a sum of 0. Start below every number: at −∞.",
            logits => logits.Aggregate((Max: 0.0, Sum: 0.0), (state, z) => Step(state, z)) is var (max, sum) ? max + PortableMath.Log(sum) : 0),
        Mistake("no maximum",
            "the exponentials are summed as they come: e^1000 is ∞ and e^−1000 is 0. Keep a running maximum.",
            logits => PortableMath.Log(logits.Sum(z => PortableMath.Exp(z)))),
        Mistake("read twice",
            "the stream is read a second time, once for the maximum and once for the sum. Keep both while you read it once.",
            logits => logits.Max() is var max ? max + PortableMath.Log(logits.Sum(z => PortableMath.Exp(z - max))) : 0),
        Mistake("minus infinity minus itself",
            "a first logit of −∞ gives (−∞) − (−∞) = NaN in the exponent, and NaN never leaves the sum. Skip a logit of −∞: its term is 0.",
            logits => Fold(logits, (oldMax, newMax) => PortableMath.Exp(oldMax - newMax), skipImpossible: false)),
    ];

    private static ExerciseCase<Func<IEnumerable<float>, double>> Stream(string name, params float[] logits) =>
        Case(name, (logSumExp, inputs) => Answer.Of(logSumExp(inputs.Show(new ReadOnceStream(logits), Literal.Of(logits)))));

    private static double Fold(IEnumerable<float> logits, Func<double, double, double> rescale, bool skipImpossible = true)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (float z in logits)
        {
            if (skipImpossible && float.IsNegativeInfinity(z)) continue;
            double newMax = Math.Max(max, z);
            sum = (sum == 0 && skipImpossible ? 0 : sum * rescale(max, newMax)) + PortableMath.Exp(z - newMax);
            max = newMax;
        }
        return max + PortableMath.Log(sum);
    }

    private static (double Max, double Sum) Step((double Max, double Sum) state, double z)
    {
        double max = Math.Max(state.Max, z);
        return (max, state.Sum * PortableMath.Exp(state.Max - max) + PortableMath.Exp(z - max));
    }
}
