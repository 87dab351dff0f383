using System.Globalization;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.1: the logarithm of softmax, <c>z_i − ln Σ e^z</c>, without overflow and without a logarithm of 0.</summary>
internal sealed class LogSoftmaxExercise : Exercise<Func<float[], float[]>>
{
    /// <inheritdoc/>
    public override string Id => "1.1";

    /// <inheritdoc/>
    public override string Title => "The logarithm of softmax";

    /// <inheritdoc/>
    protected override Func<float[], float[]> Solution => z => Lab.LogSumExp(z) is var all ? Array.ConvertAll(z, value => (float)(value - all)) : [];

    /// <inheritdoc/>
    protected override Func<float[], float[]> Stub => _ => throw new NotImplementedException("exercise 1.1");

    // No logit differences between 80 and 750: there a float exponential overflows or underflows and a double one does not, and both are the same mistake.
    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], float[]>>> CreateCases() =>
    [
        Logits("logits 0 and 0", 0, 0), // -0.693 twice
        Logits("logits 2, 1, 0", 2, 1, 0),
        Logits("one logit", 3), // 0
        Logits("negative logits", -1, -2, -0.5f),
        Logits("logits out of order", 0.5f, 3, -2, 1, 3),
        Logits("logits 1, 2, 2000", 1, 2, 2000), // the softmax of the first two underflows
        Logits("logits around 1000", 1000, 1001, 999),
        Logits("logits around -1000", -1000, -1001, -999),
        Logits("99 logits of 1000 and one of 0", [.. Enumerable.Repeat(1000f, 99), 0]),
        Logits("logits 10000 and -10000", 10000, -10000),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("softmax first",
            "softmax is taken first and its logarithm afterwards. Far below the best logit a probability underflows to 0, and ln 0 is −∞. Take the logarithm of "
            + "the formula on paper: the logarithm of a quotient is a difference, and ln e^x is x.",
            z => Array.ConvertAll(Lab.Softmax(z), p => (float)PortableMath.Log(p))),
        SmallNumberAdded("1e-6", 1e-6),
        SmallNumberAdded("1e-7", 1e-7),
        SmallNumberAdded("1e-8", 1e-8),
        SmallNumberAdded("1e-9", 1e-9),
        SmallNumberAdded("1e-10", 1e-10),
        SmallNumberAdded("1e-12", 1e-12),
        SmallNumberAdded("float.Epsilon", float.Epsilon),
        Mistake("0 where softmax underflows",
            "a logarithm of 0 is replaced by 0, which says that the outcome is certain. It is the least likely of all: take the logarithm of the formula on paper.",
            z => Array.ConvertAll(Lab.Softmax(z), p => p > 0 ? (float)PortableMath.Log(p) : 0)),
        Mistake("softmax returned", "these are the probabilities of softmax. The logarithm is missing.", Lab.Softmax),
        Mistake("maximum not subtracted",
            "the exponentials are taken of the logits as they come: a large one overflows to ∞, and a row of very negative ones sums to 0. Nothing changes "
            + "when the same number is subtracted from every logit: choose the largest.",
            z => Minus(z, PortableMath.Log(Sum(z, 0)))),
        Mistake("maximum not subtracted, softmax first",
            "the exponentials are taken of the logits as they come, so a large one overflows to ∞, ∞ / ∞ is NaN, and so is its logarithm. Subtract the largest "
            + "logit first, and take the logarithm on paper.",
            z => Sum(z, 0) is var sum ? Array.ConvertAll(z, value => (float)PortableMath.Log((float)((float)PortableMath.Exp(value) / sum))) : []),
        Mistake("minimum subtracted",
            "the smallest logit is subtracted instead of the largest, so exponents are at least 0 and can still overflow.",
            z => Minus(z, z.Min() + PortableMath.Log(Sum(z, z.Min())))),
        Mistake("mean subtracted",
            "the mean is subtracted instead of the largest logit. That works until one logit is far above the mean; then its exponential still overflows.",
            z => Minus(z, z.Average() + PortableMath.Log(Sum(z, z.Average())))),
        Mistake("first logit subtracted",
            "the first logit is subtracted instead of the largest. That works until another is far above it; then its exponential still overflows.",
            z => Minus(z, z[0] + PortableMath.Log(Sum(z, z[0])))),
        Mistake("maximum starts at 0",
            "the maximum starts at 0, so where all logits are very negative 0 is subtracted, and all exponentials underflow. Start at the first logit, or at −∞.",
            z => Math.Max(0, z.Max()) is var max ? Minus(z, max + PortableMath.Log(Sum(z, max))) : []),
        Mistake("maximum subtracted in the sum only",
            "the largest logit is subtracted inside the sum, and not from z_i itself. Both stand in the same quotient: both lose the same number.",
            z => Minus(z, PortableMath.Log(Sum(z, z.Max())))),
        Mistake("not divided",
            "the sum is missing: this is z_i minus the largest logit, the logarithm of an exponential that was never divided. Subtract the logarithm of the sum too.",
            z => Minus(z, z.Max())),
        Mistake("logarithm of the sum added",
            "the logarithm of the sum is added. It stands below the fraction bar, so it is subtracted: z_i − max − ln Σ.",
            z => Minus(z, z.Max() - PortableMath.Log(Sum(z, z.Max())))),
        Mistake("no exponential", "the logits are divided by their sum, without an exponential: a negative one has no logarithm.",
            z => Array.ConvertAll(z, value => (float)PortableMath.Log(value / z.Sum()))),
        Mistake("no exponential in the sum", "the sum adds the differences themselves. It is the sum of their exponentials.",
            z => Minus(z, z.Max() + PortableMath.Log(z.Sum(value => value - z.Max())))),
        Mistake("sum without its logarithm",
            "the sum itself is subtracted. The logarithm of a quotient is the difference of two logarithms: take ln of the sum.",
            z => Minus(z, z.Max() + Sum(z, z.Max()))),
        Mistake("divided by the logarithm",
            "the logarithms are divided. ln (a / b) is ln a − ln b.",
            z => Array.ConvertAll(z, value => (float)((value - z.Max()) / PortableMath.Log(Sum(z, z.Max()))))),
        Mistake("logarithm of the count",
            "the logarithm of how many logits there are is subtracted. Divide by the sum of the exponentials.",
            z => Minus(z, z.Max() + PortableMath.Log(z.Length))),
        Mistake("base 2",
            "the logarithm is to base 2. Softmax is made of powers of e: take the natural logarithm, Math.Log.",
            z => Array.ConvertAll(Minus(z, Lab.LogSumExp(z)), value => (float)Lab.Bits(value))),
        Mistake("base 2 of the sum",
            "the logarithm of the sum is to base 2, beside exponents of e. Take the natural logarithm, Math.Log.",
            z => Minus(z, z.Max() + Lab.Bits(PortableMath.Log(Sum(z, z.Max()))))),
        Mistake("base 10",
            "the logarithm is to base 10. Softmax is made of powers of e: take the natural logarithm, Math.Log.",
            z => Array.ConvertAll(Minus(z, Lab.LogSumExp(z)), value => (float)(value / PortableMath.Log(10)))),
        Mistake("sign",
            "the sign is turned. The logarithm of a probability is at most 0.",
            z => Array.ConvertAll(Minus(z, Lab.LogSumExp(z)), value => -value)),
        Mistake("written in place",
            "the logarithms are right, but they are written over the caller's logits. Make an array of your own for the result.",
            z =>
            {
                Minus(z, Lab.LogSumExp(z)).CopyTo(z, 0);
                return z;
            }),
    ];

    private static Mistake SmallNumberAdded(string text, double number) => Mistake("a small number added: " + text,
        $"{text} is added to the probability, so that its logarithm is finite. Finite is not right: it comes out as {PortableMath.Log(number).ToString("0.0", CultureInfo.InvariantCulture)}, "
        + "whatever the logit was. Take the logarithm of the formula on paper, and no probability is needed.",
        z => Array.ConvertAll(Lab.Softmax(z), p => (float)PortableMath.Log(p + number)));

    private static ExerciseCase<Func<float[], float[]>> Logits(string name, params float[] logits) =>
        Case(name, (logSoftmax, inputs) => Answer.Of(logSoftmax(inputs.Copy(logits)), i => $"result[{i}]"));

    private static float[] Minus(float[] z, double subtracted) => Array.ConvertAll(z, value => (float)(value - subtracted));

    // Exponentials as a float holds them: beyond 88 they are ∞.
    private static double Sum(float[] z, float subtracted) => z.Sum(value => (float)PortableMath.Exp(value - subtracted));
}
