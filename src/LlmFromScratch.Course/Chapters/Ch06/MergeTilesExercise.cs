using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using Part = (double Max, double Sum, double[] Mixed);

namespace LlmFromScratch.Course.Chapters.Ch06;

/// <summary>
/// Exercise 6.5: two parts of a row of attention become one (Dao et al. 2022, FlashAttention, section 3.1). A part is compared by what it means,
/// ln Σ e^score and the mixture, so that one taken relative to another maximum is as right.
/// </summary>
internal sealed class MergeTilesExercise : Exercise<Func<Part, Part, Part>>
{
    private const int Size = 2; // D
    private static readonly Part Nothing = (double.NegativeInfinity, 0, new double[Size]);

    /// <inheritdoc/>
    public override string Id => "6.5";

    /// <inheritdoc/>
    public override string Title => "Merge two tiles";

    /// <inheritdoc/>
    protected override Func<Part, Part, Part> Solution => (a, b) => Merged(a, b, Math.Max(a.Max, b.Max));

    /// <inheritdoc/>
    protected override Func<Part, Part, Part> Stub => (_, _) => throw new NotImplementedException("exercise 6.5");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<Part, Part, Part>>> CreateCases() =>
    [
        Two("equal maxima", PartOf(1, 1), PartOf(1, 0)),
        Two("the second has the larger score", PartOf(1, 2), PartOf(3, 0, 1)),
        Two("the first has the larger score", PartOf(4, 2), PartOf(-1, 0)),
        Two("scores around 1000 and −1000", PartOf(1000, 999), PartOf(-1000, -999)),
        Two("scores around −1000 and 1000", PartOf(-1000, -999), PartOf(1000, 999)),
        Two("nothing, then a tile", Nothing, PartOf(2, 1)),
        Two("a tile, then nothing", PartOf(2, 1), Nothing),
        Row("100 scores in tiles of 7", 7),
        Row("100 scores, one a tile", 1),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("not rescaled",
            "sums and mixtures are added as they are, but each is relative to the largest score of its own tile. Multiply each by e^(its "
                + "maximum − the new maximum) first.",
            (a, b) => Combined(Math.Max(a.Max, b.Max), a, 1, 1, b, 1, 1)),
        Mistake("first not rescaled",
            "the second tile is rescaled, the first is not. When the second brings the larger score, all that came before has to shrink.",
            (a, b) => Math.Max(a.Max, b.Max) is var max ? Combined(max, a, 1, 1, b, Factor(b, max), Factor(b, max)) : default),
        Mistake("second not rescaled",
            "the first tile is rescaled, the second is not. When the first has the larger score, what comes new has to shrink.",
            (a, b) => Math.Max(a.Max, b.Max) is var max ? Combined(max, a, Factor(a, max), Factor(a, max), b, 1, 1) : default),
        Mistake("mixture not rescaled",
            "the sums are rescaled, the mixtures are not. Both are made of the same exponentials, so both need the same factor.",
            (a, b) => Math.Max(a.Max, b.Max) is var max ? Combined(max, a, Factor(a, max), 1, b, Factor(b, max), 1) : default),
        Mistake("sum not rescaled",
            "the mixtures are rescaled, the sums are not. Both are made of the same exponentials, so both need the same factor.",
            (a, b) => Math.Max(a.Max, b.Max) is var max ? Combined(max, a, 1, Factor(a, max), b, 1, Factor(b, max)) : default),
        Mistake("rescaled the wrong way",
            "the factor is e^(new − old), so parts grow where they should shrink. It is e^(old − new), at most 1.",
            (a, b) =>
                Math.Max(a.Max, b.Max) is var max ? Combined(max, a, Inverse(a, max), Inverse(a, max), b, Inverse(b, max), Inverse(b, max)) : default),
        Mistake("first maximum kept",
            "everything is made relative to the first tile's maximum. That overflows when the second is far above it, and is NaN when the "
                + "first is empty. Take the larger of the two.",
            (a, b) => Merged(a, b, a.Max)),
        Mistake("second maximum kept",
            "everything is made relative to the second tile's maximum. That overflows when the first is far above it, and is NaN when the "
                + "second is empty. Take the larger of the two.",
            (a, b) => Merged(a, b, b.Max)),
        Mistake("smaller maximum", "the new maximum is the smaller of the two, so exponents are above 0 and can overflow. Take the larger.",
            (a, b) => Merged(a, b, Math.Min(a.Max, b.Max))),
        Mistake("divided in between",
            "the merged mixture is divided by the merged sum. Mixed stays undivided, as it came: the one who takes the output divides, once, at the "
                + "very end, or the next merge divides again.",
            (a, b) => Merged(a, b, Math.Max(a.Max, b.Max)) is var (max, sum, mixed) ? (max, sum, [.. mixed.Select(value => value / sum)]) : default),
        Mistake("mixtures averaged",
            "each mixture is divided by its sum before they are added. Mixed is the sum of e^(score − max) times value: it is divided once, "
                + "at the very end.",
            (a, b) => Math.Max(a.Max, b.Max) is var max ? Combined(max, a, Factor(a, max), Factor(a, max) / a.Sum, b, Factor(b, max), Factor(b, max) / b.Sum) : default),
    ];

    private static ExerciseCase<Func<Part, Part, Part>> Two(string name, Part a, Part b) => Case(name, (merge, inputs) =>
        Meaning(merge((a.Max, a.Sum, inputs.Copy(a.Mixed)), (b.Max, b.Sum, inputs.Copy(b.Mixed)))));

    private static ExerciseCase<Func<Part, Part, Part>> Row(string name, int tile) => Case(name, (merge, _) =>
        Meaning(Lab.Scale(Lab.RandomNormal(100, 69), 3).Chunk(tile).Select(PartOf).Aggregate(merge)));

    private static Answer Meaning(Part part) => Answer.Of(
        part.Mixed is null ? null : [part.Max + PortableMath.Log(part.Sum), .. part.Mixed.Select(value => value / part.Sum)],
        i => i == 0 ? "Max + ln Sum" : $"Mixed[{i - 1}] / Sum");

    // The value of a score x is [x, 1 + x²], so that every score has another.
    private static Part PartOf(params float[] scores)
    {
        double max = scores.Max();
        double[] exponentials = Array.ConvertAll(scores, score => PortableMath.Exp(score - max));
        double[] mixed = [Sum(x => x), Sum(x => 1 + x * x)];
        return (max, exponentials.Sum(), mixed);

        double Sum(Func<double, double> valueOf) => exponentials.Zip(scores, (e, x) => e * valueOf(x)).Sum();
    }

    private static Part Merged(Part a, Part b, double max) => Combined(max, a, Factor(a, max), Factor(a, max), b, Factor(b, max), Factor(b, max));

    private static double Factor(Part part, double max) => PortableMath.Exp(part.Max - max);

    private static double Inverse(Part part, double max) => PortableMath.Exp(max - part.Max);

    private static Part Combined(double max, Part a, double aSum, double aMixed, Part b, double bSum, double bMixed) =>
        (max, a.Sum * aSum + b.Sum * bSum, [.. a.Mixed.Zip(b.Mixed, (x, y) => x * aMixed + y * bMixed)]);
}
