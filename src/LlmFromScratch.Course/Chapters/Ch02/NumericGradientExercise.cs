using System.Runtime.CompilerServices;
using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch02;

/// <summary>Exercise 2.2: a gradient by central differences.</summary>
internal sealed class NumericGradientExercise : Exercise<Func<Func<double[], double>, double[], double[]>>
{
    private const double H = 1e-5;

    /// <inheritdoc/>
    public override string Id => "2.2";

    /// <inheritdoc/>
    public override string Title => "A gradient, measured";

    /// <inheritdoc/>
    protected override Func<Func<double[], double>, double[], double[]> Solution => (f, x) => Central(f, x);

    /// <inheritdoc/>
    protected override Func<Func<double[], double>, double[], double[]> Stub => (_, _) => throw new NotImplementedException("exercise 2.2");

    /// <inheritdoc/>
    protected override Tolerance Tolerance => new(1e-9, 2e-7); // of the difference itself: h² times a third derivative, and rounding; one-sided differences are off by h

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<Func<double[], double>, double[], double[]>>> CreateCases() =>
    [
        Ask("a line", x => 3 * x[0] + 1, [2]),
        Ask("a parabola", x => 4 * x[0] * x[0], [1.5]),
        Ask("a product of two", x => x[0] * x[1], [2, 5]),
        Ask("three unlike coordinates", x => x[0] * x[0] + 10 * x[1] - x[0] * x[2], [1, 2, 3]),
        Ask("a cube, at a negative place", x => x[0] * x[0] * x[0] + x[1], [-2, 0]),
        Ask("where the slope is zero", x => (x[0] - 1) * (x[0] - 1) + 7 * (x[1] + 2) * (x[1] + 2), [1, -2]),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("one-sided", "this is the slope from x to x + h, which is off by about h on a curve. Take one step to each side: the errors cancel.", (f, x) => Each(f, x, (plus, _, here) => (plus - here) / H)),
        Mistake("divided by h", "the two places lie 2h apart, and the difference is divided by h: everything is twice too large.", (f, x) => Each(f, x, (plus, minus, _) => (plus - minus) / H)),
        Mistake("not divided", "the difference is not divided by the distance of the two places, 2h.", (f, x) => Each(f, x, (plus, minus, _) => plus - minus)),
        Mistake("the wrong way", "the sign is turned: it is f(x + h) less f(x - h).", (f, x) => Each(f, x, (plus, minus, _) => (minus - plus) / (2 * H))),
        Mistake("all coordinates at once", "all coordinates move together, so every entry is the sum of all slopes. Move one, and leave the others where they are.",
            (f, x) => { double slope = (f([.. x.Select(v => v + H)]) - f([.. x.Select(v => v - H)])) / (2 * H); return [.. x.Select(_ => slope)]; }),
        Mistake("not put back", "a coordinate stays where it was moved to when the next one is measured. Put it back, or work on a copy.",
            (f, x) => { double[] moved = [.. x]; return [.. x.Select((v, i) => { moved[i] = v + 1e-2; double plus = f(moved); moved[i] = v - 1e-2; return (plus - f(moved)) / 2e-2; })]; }),
        Mistake("put back by adding", "the slopes are right, but x has changed in its last digits: x + h - 2h + h is rounded three times and need not be x. Keep the old value and write it back, or work on a copy.", (f, x) =>
            [.. x.Select((_, i) => { x[i] += H; double plus = f(x); x[i] -= 2 * H; double minus = f(x); x[i] += H; return (plus - minus) / (2 * H); })]),
        Mistake("the step too large", "the step is far too large: the slope of a chord, not of the curve. h is 1e-5.", (f, x) => Central(f, x, 0.1)),
        Mistake("first coordinate only", "only the first coordinate is measured; the others are 0.", (f, x) => [.. Central(f, x).Select((v, i) => i == 0 ? v : 0)]),
    ];

    private static ExerciseCase<Func<Func<double[], double>, double[], double[]>> Ask(string name, Func<double[], double> f, double[] x, [CallerArgumentExpression(nameof(f))] string source = "") =>
        Case(name, (gradient, inputs) => Answer.Of(gradient(inputs.Show(f, source), inputs.Copy(x)), i => $"slope {i}"));

    private static double[] Central(Func<double[], double> f, double[] x, double h = H) => Each(f, x, (plus, minus, _) => (plus - minus) / (2 * h), h);

    private static double[] Each(Func<double[], double> f, double[] x, Func<double, double, double, double> slope, double h = H) =>
        [.. x.Select((_, i) => slope(f(Moved(x, i, h)), f(Moved(x, i, -h)), f(x)))];

    private static double[] Moved(double[] x, int i, double by) => [.. x.Select((v, j) => j == i ? v + by : v)];
}
