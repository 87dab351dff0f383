using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.2: a uniform number becomes a choice.</summary>
internal sealed class DrawExercise : Exercise<Func<float[], double, int>>
{
    /// <inheritdoc/>
    public override string Id => "1.2";

    /// <inheritdoc/>
    public override string Title => "Draw an index with given probabilities";

    // The rule of Probability.Draw, with the uniform number given; a test holds the two together.
    /// <inheritdoc/>
    protected override Func<float[], double, int> Solution => (p, u) =>
        FirstAbove(p, u) is { } index ? index : Array.FindLastIndex(p, value => value > 0);

    /// <inheritdoc/>
    protected override Func<float[], double, int> Stub => (_, _) => throw new NotImplementedException("exercise 1.2");

    /// <inheritdoc/>
    protected override bool MayDrawItself => true;

    // Boundaries are sums of powers of 2, so that float and double sums agree on them.
    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], double, int>>> CreateCases() =>
    [
        Draw("u = 0.1 of 0.5, 0.25, 0.25", 0.1, 0.5f, 0.25f, 0.25f),
        Draw("u = 0.6 of 0.5, 0.25, 0.25", 0.6, 0.5f, 0.25f, 0.25f),
        Draw("u = 0.9 of 0.5, 0.25, 0.25", 0.9, 0.5f, 0.25f, 0.25f),
        Draw("u = 0.3 of 0.125, 0.125, 0.75", 0.3, 0.125f, 0.125f, 0.75f),
        Draw("one outcome", 0.7, 1),
        Draw("u on the border, 0.5 of 0.5, 0.5", 0.5, 0.5f, 0.5f),
        Draw("u = 0 and an impossible first outcome", 0, 0, 1),
        Draw("u on the border before an impossible outcome", 0.25, 0.25f, 0, 0.75f),
        Draw("a sum that rounding left below u", 0.9999999, 0.5f, 0.4999f),
        Draw("a sum below u, and an impossible last outcome", 0.9999999, 0.5f, 0.4999f, 0),
        Draw("a sum below u, and two impossible outcomes at the end", 0.9999999, 0.5f, 0.4999f, 0, 0),
        Case("1000 even steps of u", (draw, inputs) =>
        {
            float[] p = inputs.Copy<float>([0.1f, 0.2f, 0.3f, 0.4f]);
            int[] counts = new int[p.Length];
            for (int i = 0; i < 1000; i++) counts[draw(p, (i + 0.5) / 1000)]++;
            return Answer.Of(counts, i => $"count[{i}]");
        }),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("most probable",
            "u is not used: the most probable outcome comes every time. That is greedy choice, not a draw.",
            (p, _) => Array.IndexOf(p, p.Max())),
        Mistake("not accumulated",
            "u is compared with each probability by itself. Compare it with the sum of the probabilities so far.",
            (p, u) => Array.FindIndex(p, value => u < value) is var index and >= 0 ? index : p.Length - 1),
        Mistake("border included",
            "u = the sum so far counts as inside. u lies in [0, 1), so each outcome owns its left border and not its right one: an outcome with "
            + "probability 0 must own nothing, not even a point.",
            (p, u) => FirstFrom(p, u) ?? Array.FindLastIndex(p, value => value > 0)),
        Mistake("border included, impossible outcomes skipped",
            "u = the sum so far counts as inside, so a dart on a border goes to the outcome on its left. u lies in [0, 1): each outcome owns its left border and not its right one.",
            (p, u) => FirstFrom(p, u) is { } index ? Array.FindIndex(p, index, value => value > 0) : Array.FindLastIndex(p, value => value > 0)),
        Mistake("both traps",
            "two things at once. u = the sum so far counts as inside, so an outcome with probability 0 owns a point: compare with <. And when rounding leaves the sum just "
            + "below u, the last outcome is taken even if it is impossible.",
            (p, u) => FirstFrom(p, u) ?? p.Length - 1),
        Mistake("one too far",
            "the index is one too far: it has moved on before it is returned. Look at the order of “add” and “compare”.",
            (p, u) => Math.Min(p.Length - 1, (FirstAbove(p, u) ?? p.Length - 1) + 1)),
        Mistake("minus one at the end",
            "when rounding leaves the sum just below u, the loop ends without a choice and −1 comes back. The last possible outcome owns that sliver.",
            (p, u) => FirstAbove(p, u) ?? -1),
        Mistake("length at the end",
            "when rounding leaves the sum just below u, the index runs past the end. The last possible outcome owns that sliver.",
            (p, u) => FirstAbove(p, u) ?? p.Length),
        Mistake("impossible outcome at the end",
            "when rounding leaves the sum just below u, the last outcome is taken even if its probability is 0. Take the last one that is possible.",
            (p, u) => FirstAbove(p, u) ?? p.Length - 1),
        Mistake("one step back at the end",
            "when rounding leaves the sum just below u and the last outcome is impossible, the one before it is taken, possible or not. Go back until one is possible.",
            (p, u) => FirstAbove(p, u) ?? (p[^1] == 0 ? p.Length - 2 : p.Length - 1)),
        Mistake("most probable at the end",
            "when rounding leaves the sum just below u, the most probable outcome is taken. That sliver lies at the right end of the line: it belongs to the last possible outcome.",
            (p, u) => FirstAbove(p, u) ?? Array.IndexOf(p, p.Max())),
    ];

    private static ExerciseCase<Func<float[], double, int>> Draw(string name, double u, params float[] p) =>
        Case(name, (draw, inputs) => Answer.Of(draw(inputs.Copy(p), u)));

    private static int? FirstAbove(float[] p, double u) => Array.FindIndex(Sums(p), sum => u < sum) is var index and >= 0 ? index : null;

    private static int? FirstFrom(float[] p, double u) => Array.FindIndex(Sums(p), sum => u <= sum) is var index and >= 0 ? index : null;

    private static double[] Sums(float[] p)
    {
        double[] sums = new double[p.Length];
        double sum = 0;
        for (int i = 0; i < p.Length; i++) sums[i] = sum += p[i];
        return sums;
    }
}
