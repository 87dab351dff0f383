using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch02;

/// <summary>Exercise 2.1: one correction of a perceptron.</summary>
internal sealed class CorrectExercise : Exercise<Func<double[], double, double[], int, (double[] Weights, double Bias)>>
{
    /// <inheritdoc/>
    public override string Id => "2.1";

    /// <inheritdoc/>
    public override string Title => "A neuron's correction";

    /// <inheritdoc/>
    protected override Func<double[], double, double[], int, (double[] Weights, double Bias)> Solution => (w, b, x, t) => Move(w, b, x, t - Says(w, b, x));

    /// <inheritdoc/>
    protected override Func<double[], double, double[], int, (double[] Weights, double Bias)> Stub => (_, _, _, _) => throw new NotImplementedException("exercise 2.1");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<double[], double, double[], int, (double[] Weights, double Bias)>>> CreateCases() =>
    [
        Ask("right, and wanted yes", [1, 1], -0.5, [1, 0], 1),
        Ask("right, and wanted no", [1, 1], -1.5, [1, 0], 0),
        Ask("should have said yes", [0.5, -2], 0.25, [1, 3], 1),
        Ask("should have said no", [0.5, 2], 0.25, [2, 3], 0),
        Ask("a sum of exactly zero, wanted yes", [1, -1], 0, [2, 2], 1),
        Ask("a sum of exactly zero, wanted no", [1, -1], 0, [2, 2], 0),
        Ask("three inputs, one of them zero", [1, -1, 4], -2, [0, 5, -3], 1),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("the wrong way", "the weights move away from the answer. Add the input when the neuron should have said yes, subtract it when it should have said no.", (w, b, x, t) => Move(w, b, x, Says(w, b, x) - t)),
        Wrong("also when right", "the weights move although the answer was right. The rule only corrects mistakes.", (w, b, x, t) => Move(w, b, x, t == 1 ? 1 : -1)),
        Wrong("bias left out", "the bias does not move. It is a weight of an input that is always 1.", (w, b, x, t) => (Move(w, b, x, t - Says(w, b, x)).Weights, b)),
        Wrong("input left out", "the weights move by 1 whatever the input was. A weight is to blame in proportion to its input.", (w, b, x, t) => Move(w, b, [.. x.Select(_ => 1.0)], t - Says(w, b, x))),
        Wrong("yes at zero", "a sum of exactly zero counts as yes. The neuron says 1 when the sum is above zero.", (w, b, x, t) => Move(w, b, x, t - (Sum(w, b, x) >= 0 ? 1 : 0))),
        Wrong("bias left out of the sum", "the bias is not part of the sum, so the neuron decides by the weights alone.", (w, b, x, t) => Move(w, b, x, t - (Sum(w, 0, x) > 0 ? 1 : 0))),
        Wrong("by the distance", "the correction is the wanted answer less the sum. The rule asks only whether the answer was right: the error is -1, 0 or 1.", (w, b, x, t) => Move(w, b, x, t - Sum(w, b, x))),
        Wrong("only towards yes", "the weights only ever move up. When the neuron should have said no, they move down.", (w, b, x, t) => Move(w, b, x, Math.Max(0, t - Says(w, b, x)))),
        Wrong("only the change", "this is the change, and not the new weights. Add it to the old ones.", (w, b, x, t) => Move([.. w.Select(_ => 0.0)], 0, x, t - Says(w, b, x))),
    ];

    private static Mistake Wrong(string name, string diagnosis, Func<double[], double, double[], int, (double[] Weights, double Bias)> mutant) => Mistake(name, diagnosis, mutant);

    private static ExerciseCase<Func<double[], double, double[], int, (double[] Weights, double Bias)>> Ask(string name, double[] weights, double bias, double[] x, int target) => Case(name, (correct, inputs) =>
    {
        (double[] moved, double b) = correct(inputs.Copy(weights), bias, inputs.Copy(x), target);
        return Answer.Of(moved is null ? (double[]?)null : [.. moved, b], i => i == moved!.Length ? "the bias" : $"weight {i}"); // not null: there are numbers to name
    });

    private static double Sum(double[] w, double b, double[] x) => w.Zip(x, (p, q) => p * q).Sum() + b;

    private static int Says(double[] w, double b, double[] x) => Sum(w, b, x) > 0 ? 1 : 0;

    private static (double[] Weights, double Bias) Move(double[] w, double b, double[] x, double error) => ([.. w.Zip(x, (p, q) => p + error * q)], b + error);
}
