using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.1: softmax that cannot overflow.</summary>
internal sealed class SoftmaxExercise : Exercise<Func<float[], float[]>>
{
    /// <inheritdoc/>
    public override string Id => "1.1";

    /// <inheritdoc/>
    public override string Title => "Softmax that cannot overflow";

    /// <inheritdoc/>
    protected override Func<float[], float[]> Solution => Lab.Softmax;

    /// <inheritdoc/>
    protected override Func<float[], float[]> Stub => _ => throw new NotImplementedException("exercise 1.1");

    // No logit differences between 88 and 709: there a float exponential overflows and a double one does not, and both are the same mistake.
    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], float[]>>> CreateCases() =>
    [
        Logits("logits 0 and 0", 0, 0),
        Logits("logits 2, 1, 0", 2, 1, 0),
        Logits("one logit", 3),
        Logits("negative logits", -1, -2, -0.5f),
        Logits("logits out of order", 0.5f, 3, -2, 1, 3),
        Logits("logits 1, 2, 1000", 1, 2, 1000),
        Logits("logits around 1000", 1000, 1001, 999),
        Logits("logits around -1000", -1000, -1001, -999),
        Logits("99 logits of 1000 and one of 0", [.. Enumerable.Repeat(1000f, 99), 0]),
        Logits("logits 10000 and -10000", 10000, -10000),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("maximum not subtracted",
            "the exponentials are taken of the logits as they come, so a large one overflows to ∞ and ∞ / ∞ is NaN. Softmax does not change when "
            + "the same number is subtracted from every logit: choose that number so that no exponent is above 0.",
            z => Normalise(Exponentials(z, 0))),
        Mistake("minimum subtracted",
            "the smallest logit is subtracted instead of the largest, so exponents are at least 0 and can still overflow.",
            z => Normalise(Exponentials(z, z.Min()))),
        Mistake("mean subtracted",
            "the mean is subtracted instead of the largest logit. That works until one logit is far above the mean; then its exponential still overflows.",
            z => Normalise(Exponentials(z, z.Average()))),
        Mistake("no exponential",
            "the logits are divided by their sum without an exponential, so a negative logit gives a negative “probability”.",
            z => Normalise(z)),
        Mistake("divided by the largest",
            "the exponentials are divided by the largest of them, so the best has 1 by itself. Divide by their sum.",
            z => Exponentials(z, z.Max())),
        Mistake("divided by the count",
            "the exponentials are divided by how many they are. Divide by their sum.",
            z => Array.ConvertAll(Exponentials(z, z.Max()), e => e / z.Length)),
        Mistake("power of 2",
            "the base is 2 instead of e: neighbours that differ by 1 have the ratio 2, and it should be 2.718.",
            z => Normalise(Array.ConvertAll(z, value => (float)PortableMath.Pow(2, value - z.Max())))),
        Mistake("written in place",
            "the probabilities are right, but they are written over the caller's logits. Make an array of your own for the result.",
            z =>
            {
                Lab.Softmax(z).CopyTo(z, 0);
                return z;
            }),
    ];

    private static ExerciseCase<Func<float[], float[]>> Logits(string name, params float[] logits) =>
        Case(name, (softmax, inputs) => Answer.Of(softmax(inputs.Copy(logits)), i => $"p[{i}]"));

    private static float[] Exponentials(float[] z, float subtracted) => Array.ConvertAll(z, value => (float)PortableMath.Exp(value - subtracted));

    private static float[] Normalise(float[] values)
    {
        float sum = values.Sum();
        return Array.ConvertAll(values, value => value / sum);
    }
}
