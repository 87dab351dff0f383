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
        Mistake("factors exchanged",
            "the two factors have changed places: the first tile is multiplied by the second's, and the second by the first's. Each tile shrinks by e^(its own maximum − the new one).",
            (a, b) => Math.Max(a.Max, b.Max) is var max ? Combined(max, a, Factor(b, max), Factor(b, max), b, Factor(a, max), Factor(a, max)) : default),
        Mistake("first maximum returned", WrongMaximum + " It is the first tile's here.",
            (a, b) => Merged(a, b, Math.Max(a.Max, b.Max)) with { Max = a.Max }),
        Mistake("second maximum returned", WrongMaximum + " It is the second tile's here.",
            (a, b) => Merged(a, b, Math.Max(a.Max, b.Max)) with { Max = b.Max }),
        Mistake("one factor, on the second",
            "one factor e^(second maximum − first) stands on the second tile in both orders. When the second has the larger score, it is the first that has to shrink.",
            (a, b) => Exp(b.Max - a.Max) is var factor ? Combined(Math.Max(a.Max, b.Max), a, 1, 1, b, factor, factor) : default),
        Mistake("one factor, on the first",
            "one factor e^(first maximum − second) stands on the first tile in both orders. When the first has the larger score, it is the second that has to shrink.",
            (a, b) => Exp(a.Max - b.Max) is var factor ? Combined(Math.Max(a.Max, b.Max), a, factor, factor, b, 1, 1) : default),
        Mistake("the second's factor on the first",
            "e^(second maximum − first) is put on the first tile. Each tile shrinks by e^(its own maximum − the new one): the larger of the two by e^0.",
            (a, b) => Exp(b.Max - a.Max) is var factor ? Combined(Math.Max(a.Max, b.Max), a, factor, factor, b, 1, 1) : default),
        Mistake("the first's factor on the second",
            "e^(first maximum − second) is put on the second tile. Each tile shrinks by e^(its own maximum − the new one): the larger of the two by e^0.",
            (a, b) => Exp(a.Max - b.Max) is var factor ? Combined(Math.Max(a.Max, b.Max), a, 1, 1, b, factor, factor) : default),
        Mistake("mean of the two outputs, sums added", MeanOfOutputs + " The sums are added as they are.", (a, b) => (Math.Max(a.Max, b.Max), a.Sum + b.Sum, Mean(a, b, 1).Mixed)),
        Mistake("mean of the two outputs", MeanOfOutputs, (a, b) => Mean(a, b, 1)),
        Mistake("mean of the two outputs, times the sum", MeanOfOutputs + " The sum itself is merged rightly.",
            (a, b) => Mean(a, b, Merged(a, b, Math.Max(a.Max, b.Max)).Sum)),
        Mistake("mean of the two outputs, beside the sum", MeanOfOutputs + " The sum itself is merged rightly, and Mixed is divided already.",
            (a, b) => Mean(a, b, 1) with { Sum = Merged(a, b, Math.Max(a.Max, b.Max)).Sum }),
        Mistake("one factor on both",
            "the same factor, e^−|difference of the maxima|, stands on both tiles. Only the tile with the smaller maximum shrinks; the other's factor is e^0 = 1.",
            (a, b) => Exp(-Math.Abs(a.Max - b.Max)) is var factor ? Combined(Math.Max(a.Max, b.Max), a, factor, factor, b, factor, factor) : default),
        Mistake("back to the exponentials",
            "the parts are turned back into plain exponentials, e^Max times Sum, and those overflow where a score is large. Stay relative: only the differences of the maxima are needed.",
            (a, b) => Combined(0, a, Exp(a.Max), Exp(a.Max), b, Exp(b.Max), Exp(b.Max))),
        Mistake("back to the exponentials and forth",
            "the parts are turned back into plain exponentials, e^Max times Sum, and divided by e^maximum afterwards: ∞ / ∞ where a score is large. Take the difference first, and one "
                + "exponential of it.",
            (a, b) => Math.Max(a.Max, b.Max) is var max
                ? Combined(max, a, Exp(a.Max) / Exp(max), Exp(a.Max) / Exp(max), b, Exp(b.Max) / Exp(max), Exp(b.Max) / Exp(max)) : default),
        Mistake("divided in between",
            "the merged mixture is divided by the merged sum. Mixed stays undivided, as it came: the one who takes the output divides, once, at the "
                + "very end, or the next merge divides again.",
            (a, b) => Merged(a, b, Math.Max(a.Max, b.Max)) is var (max, sum, mixed) ? (max, sum, [.. mixed.Select(value => value / sum)]) : default),
        Mistake("mixtures averaged",
            "each mixture is divided by its sum before they are added. Mixed is the sum of e^(score − max) times value: it is divided once, "
                + "at the very end.",
            (a, b) => Math.Max(a.Max, b.Max) is var max ? Combined(max, a, Factor(a, max), Factor(a, max) / a.Sum, b, Factor(b, max), Factor(b, max) / b.Sum) : default),
    ];

    private const string WrongMaximum =
        "sum and mixture are merged rightly, relative to the larger maximum, but another maximum is returned with them. The three belong together.";

    private const string MeanOfOutputs =
        "the two outputs are averaged, as if both tiles weighed the same. A tile weighs as much as its exponentials: add the rescaled mixtures and the rescaled sums.";

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

    private static Part Mean(Part a, Part b, double sum) =>
        (Math.Max(a.Max, b.Max), sum, [.. a.Mixed.Zip(b.Mixed, (x, y) => (x / a.Sum + y / b.Sum) / 2 * sum)]);

    private static double Exp(double x) => PortableMath.Exp(x);

    private static double Factor(Part part, double max) => PortableMath.Exp(part.Max - max);

    private static double Inverse(Part part, double max) => PortableMath.Exp(max - part.Max);

    private static Part Combined(double max, Part a, double aSum, double aMixed, Part b, double bSum, double bMixed) =>
        (max, a.Sum * aSum + b.Sum * bSum, [.. a.Mixed.Zip(b.Mixed, (x, y) => x * aMixed + y * bMixed)]);
}
