using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.5: the gradient that trains every language model.</summary>
internal sealed class CrossEntropyGradientExercise : Exercise<Func<float[], int, float[]>>
{
    /// <inheritdoc/>
    public override string Id => "1.5";

    /// <inheritdoc/>
    public override string Title => "The gradient of cross-entropy";

    /// <inheritdoc/>
    protected override Func<float[], int, float[]> Solution => (z, target) => Minus1At(target, Lab.Softmax(z));

    /// <inheritdoc/>
    protected override Func<float[], int, float[]> Stub => (_, _) => throw new NotImplementedException("exercise 1.5");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], int, float[]>>> CreateCases() =>
    [
        Logits("two equal logits", 0, 0, 0),
        Logits("logits 2, 1, 0, target 1", 1, 2, 1, 0),
        Logits("five logits, the target last", 4, 0.5f, 3, -2, 1, 3),
        Logits("sure and right", 0, 8, 0, 0),
        Logits("sure and wrong", 2, 8, 0, 0),
        Logits("a single logit", 0, 5),
        Logits("logits around 1000", 1, 1000, 1001, 999),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("sign", "the sign is turned: target − softmax. That is the direction to step in; the gradient is the direction in which the loss grows.",
            (z, target) => Array.ConvertAll(Minus1At(target, Lab.Softmax(z)), value => -value)),
        Mistake("target not subtracted", "this is softmax alone. At the target 1 is subtracted, so that its logit is pushed up.",
            (z, _) => Lab.Softmax(z)),
        Mistake("with respect to the probability", "−1/p at the target is the derivative with respect to the probability. Take it one step further back, "
            + "through softmax, to the logits: every logit moves the target's probability.",
            (z, target) => [.. Lab.Softmax(z).Select((p, i) => i == target ? -1 / p : 0)]),
        Mistake("target only", "only the target's entry is filled. The others are not 0: raising another logit takes probability away from the target.",
            (z, target) => [.. Lab.Softmax(z).Select((p, i) => i == target ? p - 1 : 0)]),
        Mistake("1 - q at the target",
            "the target's entry has the wrong sign, 1 − q. Prediction minus truth: it is q − 1, below 0, and stepping against it raises the target's logit.",
            (z, target) => [.. Lab.Softmax(z).Select((p, i) => i == target ? 1 - p : p)]),
        Mistake("the learning rate in it",
            "this is half the gradient: the 0.5 of the cell above is the learning rate, and it belongs to the step, not to the slope.",
            (z, target) => Lab.Scale(Minus1At(target, Lab.Softmax(z)), 0.5f)),
        Mistake("logarithms of softmax",
            "the 1 is subtracted from a list of log-probabilities. Prediction minus truth: the prediction is a probability, softmax without a logarithm.",
            (z, target) => Lab.LogSumExp(z) is var all ? Minus1At(target, Array.ConvertAll(z, value => (float)(value - all))) : []),
        Mistake("divided by the count", "the gradient is divided by the number of logits. The loss is not an average over the vocabulary.",
            (z, target) => Array.ConvertAll(Minus1At(target, Lab.Softmax(z)), value => value / z.Length)),
        Mistake("subtracted before softmax", "the 1 is subtracted from the target's logit, before softmax. Subtract it from the target's probability.",
            (z, target) => Lab.Softmax(Minus1At(target, (float[])z.Clone()))),
        Mistake("softmax left out",
            "the 1 is subtracted from the target's logit, and softmax is left out. Prediction minus truth: the prediction is a probability, softmax of the logits.",
            (z, target) => Minus1At(target, (float[])z.Clone())),
        TooSmallAStep("0.01", 0.01f),
        TooSmallAStep("0.001", 0.001f),
        TooSmallAStep("0.0001", 0.0001f),
        Mistake("p times (1 - p)", "p (1 − p) is the derivative of a probability with respect to its own logit. The loss has a logarithm on top, which divides by p.",
            (z, _) => Array.ConvertAll(Lab.Softmax(z), p => p * (1 - p))),
        Mistake("maximum not subtracted", "the exponentials overflow for logits around 1000, and ∞ / ∞ is NaN. Subtract the largest logit first, as in section 1.1.",
            (z, target) => Minus1At(target, Overflowing(z))),
    ];

    private static ExerciseCase<Func<float[], int, float[]>> Logits(string name, int target, params float[] logits) =>
        Case(name, (gradient, inputs) => Answer.Of(gradient(inputs.Copy(logits), target), i => $"gradient[{i}]"));

    private static Mistake TooSmallAStep(string text, float step) => Mistake("measured, with a step of " + text,
        $"a central difference with a step of {text}. Near 1000 a float cannot hold z + {text}: its numbers are 0.00006 apart, and the quotient shows it. Measuring "
        + "is for the test; here write the formula, softmax minus one-hot.",
        (z, target) =>
        {
            float[] gradient = new float[z.Length];
            for (int i = 0; i < z.Length; i++)
            {
                float[] up = (float[])z.Clone(), down = (float[])z.Clone();
                up[i] += step;
                down[i] -= step;
                gradient[i] = (float)((Lab.CrossEntropy(up, target) - Lab.CrossEntropy(down, target)) / (2 * step));
            }
            return gradient;
        });

    private static float[] Minus1At(int target, float[] values)
    {
        values[target] -= 1;
        return values;
    }

    private static float[] Overflowing(float[] z)
    {
        float[] exponentials = Array.ConvertAll(z, value => (float)PortableMath.Exp(value));
        float sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, value => value / sum);
    }
}
