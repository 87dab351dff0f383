using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.4: entropy in bits.</summary>
internal sealed class EntropyExercise : Exercise<Func<float[], double>>
{
    /// <inheritdoc/>
    public override string Id => "1.4";

    /// <inheritdoc/>
    public override string Title => "Entropy in bits";

    /// <inheritdoc/>
    protected override Func<float[], double> Solution => p => Lab.Bits(Lab.Entropy(p));

    /// <inheritdoc/>
    protected override Func<float[], double> Stub => _ => throw new NotImplementedException("exercise 1.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], double>>> CreateCases() =>
    [
        Distribution("a fair coin", 0.5f, 0.5f),
        Distribution("0.5, 0.25, 0.25", 0.5f, 0.25f, 0.25f),
        Distribution("eight equal outcomes", [.. Enumerable.Repeat(0.125f, 8)]),
        Distribution("a loaded coin, 0.9 and 0.1", 0.9f, 0.1f),
        Distribution("a certain outcome by itself", 1),
        Distribution("a certain outcome among three", 0, 1, 0),
        Distribution("two equal outcomes and two impossible ones", 0, 0.5f, 0, 0.5f),
        Distribution("one very rare outcome", 0.999999f, 0.000001f),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("nats", "the logarithm is the natural one, so the result is in nats: too small by the factor ln 2 = 0.693. Bits use the logarithm to base 2.",
            p => Lab.Entropy(p)),
        Mistake("base 10", "the logarithm is to base 10. A fair coin must come out as exactly 1 bit.", p => Lab.Entropy(p) / PortableMath.Log(10)),
        Mistake("zero not left out",
            "an outcome with p = 0 gives 0 · log 0 = 0 · (−∞) = NaN. Its term is 0, the limit of p log p: leave it out.",
            p => p.Sum(value => -value * Log2(value))),
        Mistake("sign", "the sign is missing: the logarithm of a probability is negative, surprise is its opposite.", p => -Lab.Bits(Lab.Entropy(p))),
        Mistake("not weighted", "the surprises are averaged without weights. An outcome counts as often as it happens: weight each by its p.",
            p => p.Average(value => -Log2(value))),
        Mistake("divided by the count", "the sum is divided by the number of outcomes. The weights p already make it an average.",
            p => Lab.Bits(Lab.Entropy(p)) / p.Length),
        Mistake("relative to the most", "the result is divided by log₂ n, so every even distribution gives 1. Eight equal outcomes hold 3 bits.",
            p => p.Length == 1 ? 0 : Lab.Entropy(p) / PortableMath.Log(p.Length)),
    ];

    private static ExerciseCase<Func<float[], double>> Distribution(string name, params float[] p) =>
        Case(name, (entropy, inputs) => Answer.Of(entropy(inputs.Copy(p))));

    private static double Log2(double value) => PortableMath.Log(value) / PortableMath.Log(2);
}
