using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using Steps = System.Func<double, double[], double, double, double, double, double, double[]>; // weight, gradients, rate, β1, β2, ε, decay: the weight after each step

namespace LlmFromScratch.Course.Chapters.Ch02;

/// <summary>Exercise 2.4: AdamW for one number.</summary>
internal sealed class AdamWExercise : Exercise<Steps>
{
    /// <inheritdoc/>
    public override string Id => "2.4";

    /// <inheritdoc/>
    public override string Title => "AdamW for one number";

    /// <inheritdoc/>
    protected override Steps Solution => (w, g, rate, b1, b2, e, decay) => Walk(w, g, b1, b2, (x, m, v, t, _) => x * (1 - rate * decay) - rate * Hat(m, b1, t) / (Math.Sqrt(Hat(v, b2, t)) + e));

    /// <inheritdoc/>
    protected override Steps Stub => (_, _, _, _, _, _, _) => throw new NotImplementedException("exercise 2.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Steps>> CreateCases() =>
    [
        Ask("one step, no decay", 1, [4], 0.1, 0.9, 0.999, 1e-8, 0),
        Ask("three equal gradients", 0, [2, 2, 2], 0.1, 0.9, 0.99, 1e-8, 0),
        Ask("gradients that turn", 0.5, [1, -3, 0.5, 2], 0.05, 0.8, 0.95, 1e-8, 0),
        Ask("a large ε", 1, [0.1, 0.3], 0.1, 0.9, 0.99, 0.5, 0),
        Ask("decay alone", 2, [0, 0, 0], 0.1, 0.9, 0.99, 1e-3, 0.5),
        Ask("decay and gradients", -2, [3, -1, 2, 2], 0.2, 0.9, 0.99, 1e-4, 0.3),
        Ask("no memory at all", 1, [3, -0.5], 0.1, 0, 0, 1e-2, 0),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("no bias correction", "m and v begin at zero and are too small in the first steps. Divide each by 1 - β^t.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, m, v, _, _) => x * (1 - rate * d) - rate * m / (Math.Sqrt(v) + e))),
        Mistake("correction of the first step for ever", "the correction is that of the first step in every step. t counts the steps.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, m, v, _, _) => x * (1 - rate * d) - rate * Hat(m, b1, 1) / (Math.Sqrt(Hat(v, b2, 1)) + e))),
        Mistake("steps counted from 0", "t begins at 0 and the correction divides by zero. The first step is step 1.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, m, v, t, _) => x * (1 - rate * d) - rate * Hat(m, b1, t - 1) / (Math.Sqrt(Hat(v, b2, t - 1)) + e))),
        Mistake("epsilon under the root", "ε stands under the root. It is added to the root.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, m, v, t, _) => x * (1 - rate * d) - rate * Hat(m, b1, t) / Math.Sqrt(Hat(v, b2, t) + e))),
        Mistake("root forgotten", "m is divided by v and not by its root.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, m, v, t, _) => x * (1 - rate * d) - rate * Hat(m, b1, t) / (Hat(v, b2, t) + e))),
        Mistake("decay in the gradient", "the decay is added to the gradient, as before AdamW: Adam then divides it away. Multiply the weight by 1 - ηλ instead.",
            (w, g, rate, b1, b2, e, d) => WalkWithDecay(w, g, rate, b1, b2, e, d)),
        Mistake("decay without the rate", "the weight fades by λ each step. It fades by ηλ: the rate belongs to the decay too.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, m, v, t, _) => x * (1 - d) - rate * Hat(m, b1, t) / (Math.Sqrt(Hat(v, b2, t)) + e))),
        Mistake("decay left out", "the weight does not fade: the factor 1 - ηλ is missing.",
            (w, g, rate, b1, b2, e, _) => Walk(w, g, b1, b2, (x, m, v, t, _) => x - rate * Hat(m, b1, t) / (Math.Sqrt(Hat(v, b2, t)) + e))),
        Mistake("uphill", "the step goes uphill: the gradient is added.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, m, v, t, _) => x * (1 - rate * d) + rate * Hat(m, b1, t) / (Math.Sqrt(Hat(v, b2, t)) + e))),
        Mistake("betas exchanged", "β1 and β2 have changed places: β1 belongs to the mean of the gradients, β2 to the mean of their squares.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b2, b1, (x, m, v, t, _) => x * (1 - rate * d) - rate * Hat(m, b2, t) / (Math.Sqrt(Hat(v, b1, t)) + e))),
        Mistake("the gradient instead of its mean", "the step follows the last gradient and not its running mean m.",
            (w, g, rate, b1, b2, e, d) => Walk(w, g, b1, b2, (x, _, v, t, last) => x * (1 - rate * d) - rate * last / (Math.Sqrt(Hat(v, b2, t)) + e))),
    ];

    private static ExerciseCase<Steps> Ask(string name, double weight, double[] gradients, double rate, double b1, double b2, double epsilon, double decay) =>
        Case(name, (steps, inputs) => Answer.Of(steps(weight, inputs.Copy(gradients), rate, b1, b2, epsilon, decay), i => $"the weight after step {i + 1}"));

    private static double Hat(double mean, double beta, int step) => mean / (1 - PortableMath.Pow(Math.Max(beta, 1e-300), step)); // a β of 0 corrects nothing

    private static double[] Walk(double weight, double[] gradients, double b1, double b2, Func<double, double, double, int, double, double> step)
    {
        double m = 0, v = 0;
        return [.. gradients.Select((g, i) =>
        {
            m = b1 * m + (1 - b1) * g;
            v = b2 * v + (1 - b2) * g * g;
            return weight = step(weight, m, v, i + 1, g);
        })];
    }

    private static double[] WalkWithDecay(double weight, double[] gradients, double rate, double b1, double b2, double epsilon, double decay)
    {
        double m = 0, v = 0;
        return [.. gradients.Select((g, i) =>
        {
            g += decay * weight;
            m = b1 * m + (1 - b1) * g;
            v = b2 * v + (1 - b2) * g * g;
            return weight -= rate * Hat(m, b1, i + 1) / (Math.Sqrt(Hat(v, b2, i + 1)) + epsilon);
        })];
    }
}
