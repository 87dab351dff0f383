using LlmFromScratch.Course.Checking;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch06;

/// <summary>Exercise 6.3: one head of attention, which then runs in every head of the embedded model.</summary>
internal sealed class AttendHeadExercise : Exercise<ReferenceBackend>
{
    /// <inheritdoc/>
    public override string Id => "6.3";

    /// <inheritdoc/>
    public override string Title => "One head of attention";

    /// <inheritdoc/>
    protected override ReferenceBackend Solution => new();

    /// <inheritdoc/>
    protected override ReferenceBackend Stub => new Heads.Mutant((_, _, _, _, _) => throw new NotImplementedException("exercise 6.3"));

    // Scores are moderate or beyond 709: between 88 and 709 a float exponential overflows and a double one does not, and both are the same mistake.
    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<ReferenceBackend>> CreateCases() =>
    [
        ByHand("D = 1, one key", 1, [2], [1], [5]),
        ByHand("D = 1, two keys", 1, [1], [1, 0], [10, 20]),
        ByHand("D = 1, four keys", 1, [0.5f], [1, -1, 2, 0.5f], [1, 2, -3, 4]),
        ByHand("D = 4, three keys", 4, [1, 0, 2, -1], [1, 1, 0, 0, 0, 1, 1, 0, 2, 0, 0, 1], [1, 0, 0, 3, 0, 1, 0, -2, 0, 0, 1, 1]),
        Random("D = 64, seven keys", rows: 1, positions: 7, heads: 1, kvHeads: 1, size: 64),
        ByHand("equal keys", 2, [3, 1], [1, 2, 1, 2, 1, 2], [1, 2, 3, 4, 8, 9]),
        ByHand("scores in the thousands", 4, [50, 50, 50, 50], [20, 20, 20, 20, 20, 20, 20, 19.9f, -20, -20, -20, -20], [1, 0, 0, 2, 0, 1, 0, 3, 0, 0, 1, 4]),
        ByHand("scores in the thousands below zero", 4, [50, 50, 50, 50], [-20, -20, -20, -20, -20, -20, -20, -19.9f, -20, -20.1f, -20, -20], [1, 0, 0, 2, 0, 1, 0, 3, 0, 0, 1, 4]),
        ByHand("D = 256, a score of 60", 256, Constant(1), [.. Constant(3.75f), .. Constant(3.5f)], [.. Constant(2), .. Constant(-1)]),
        Random("a prompt of five tokens, two heads", rows: 5, positions: 5, heads: 2, kvHeads: 2, size: 8),
        Random("the 41st token after 40 in the cache", rows: 1, positions: 41, heads: 4, kvHeads: 2, size: 16),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("scaled by D",
            "your weights are too flat by exactly the factor that dividing by D instead of √D gives. Look at the scale: options.Scale is 1 "
                + "/ √D already.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, scale * scale)), v, o)),
        Wrong("not scaled",
            "your weights are too sharp: the scores go into softmax as they are. Multiply each by options.Scale first.",
            (q, k, v, _, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, 1)), v, o)),
        Wrong("multiplied by √D",
            "the scores are multiplied by √D, or divided by options.Scale. options.Scale is 1 / √D: multiply by it.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, 1 / scale)), v, o)),
        Wrong("root of the scale",
            "the scores are multiplied by the root of options.Scale. It is 1 / √D already, the root is taken: multiply by it as it is.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, Math.Sqrt(scale))), v, o)),
        Wrong("divided by the root of the scale",
            "the scores are divided by the root of options.Scale, so they grow. It is 1 / √D already: multiply by it as it is.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, 1 / Math.Sqrt(scale))), v, o)),
        Wrong("scaled by the number of keys",
            "the scale follows the number of keys. It belongs to the size of a head: a dot product grows with D, however many keys there are.",
            (q, k, v, _, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, Math.Sqrt((double)q.Length / k.Length))), v, o)),
        Wrong("scaled after softmax",
            "the scale is applied to the weights, after softmax, so they no longer sum to 1. It belongs on the scores, before.",
            (q, k, v, scale, o) => Heads.Mix(Array.ConvertAll(Heads.Softmax(Heads.Scores(q, k, 1)), w => w * scale), v, o)),
        Wrong("maximum not subtracted",
            "the exponentials of large scores overflow, and ∞ / ∞ is NaN. Subtract the largest score from all of them first, as in chapter 01.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, scale), subtractMax: false), v, o)),
        Wrong("maximum not below 0",
            "the search for the largest score begins at 0, so it finds 0 where all scores are below: every exponential underflows, and 0 / 0 is NaN. Begin with −∞.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Scores(q, k, scale) is var z ? Relative(z, Math.Max(0, z.Max())) : [], v, o)),
        Wrong("maximum of the unscaled scores",
            "the largest score is taken before the scores are scaled, and subtracted afterwards: z · Scale − max lies far below 0 everywhere, all exponentials underflow, and 0 / 0 "
                + "is NaN. Take the maximum of the scaled scores.",
            (q, k, v, scale, o) => Heads.Mix(Relative(Heads.Scores(q, k, scale), Heads.Scores(q, k, 1).Max()), v, o)),
        Wrong("divided by the number of keys",
            "the exponentials are divided by how many keys there are. Divide by their sum: the weights of a query sum to 1.",
            (q, k, v, scale, o) => Heads.Mix(Exponentials(Heads.Scores(q, k, scale)) is var e ? Array.ConvertAll(e, weight => weight / e.Length) : [], v, o)),
        Wrong("not normalised",
            "the exponentials are not divided by their sum, so a long text gives a long output. The weights of a query sum to 1.",
            (q, k, v, scale, o) => Heads.Mix(Exponentials(Heads.Scores(q, k, scale)), v, o)),
        Wrong("no exponential",
            "the scores themselves are divided by their sum, without an exponential. A negative score then gives a negative weight.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Normalise(Heads.Scores(q, k, scale)), v, o)),
        Wrong("keys and values swapped",
            "the query is compared with the values, and the keys are mixed. Keys are for finding, values are what is fetched.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, v, scale)), k, o)),
        Wrong("keys mixed",
            "the weights are right, but they mix the keys. The output is a mixture of the values.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, scale)), k, o)),
        Wrong("keys read by columns",
            "the keys are read as [D, S]. They are [S, D]: number i of key s stands at s * D + i.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, Transposed(k, q.Length), scale)), v, o)),
        Wrong("values read by columns",
            "the weights are right, but the values are read as [D, S]. They are [S, D]: number i of value s stands at s * D + i.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, scale)), Transposed(v, q.Length), o)),
        Wrong("last key left out",
            LastKeyLeftOut,
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k.Length > q.Length ? k[..^q.Length] : k, scale)), v, o)),
        Wrong("last key left out, alone nothing is left",
            LastKeyLeftOut + " Where there is one key alone nothing is left, and 0 / 0 is NaN.",
            (q, k, v, scale, o) =>
            {
                if (k.Length > q.Length) Heads.Mix(Heads.Softmax(Heads.Scores(q, k[..^q.Length], scale)), v, o);
                else o.Fill(float.NaN);
            }),
        Wrong("last key left out, alone there is no answer",
            LastKeyLeftOut + " Where there is one key alone nothing is left to take the softmax of.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k[..^q.Length], scale)), v, o)) with { IsAnyError = true },
        Wrong("last key left out, alone the output is 0",
            LastKeyLeftOut + " Where there is one key alone nothing is mixed, and the output stays 0.",
            (q, k, v, scale, o) =>
            {
                o.Clear();
                if (k.Length > q.Length) Heads.Mix(Heads.Softmax(Heads.Scores(q, k[..^q.Length], scale)), v, o);
            }),
        Wrong("added to the output",
            "the mixture is added to what the output held before. The buffer is reused from call to call: set it, or clear it first.",
            (q, k, v, scale, o) => Heads.AddMixture(Heads.Softmax(Heads.Scores(q, k, scale)), v, o)),
        Wrong("set instead of added",
            "only the last key's share comes out: each key overwrites what the keys before it brought. Clear the output once, then add with +=.",
            (q, k, v, scale, o) => Heads.Mix(OnlyLast(Heads.Softmax(Heads.Scores(q, k, scale))), v, o)),
        Wrong("only the best key",
            "the value of the best key alone comes out. Softmax is soft: every value takes part with its weight.",
            (q, k, v, scale, o) => Heads.Mix(OnlyBest(Heads.Scores(q, k, scale)), v, o)),
        Wrong("only the best key, the last of equals",
            "the value of the best key alone comes out, of equal ones the last. Softmax is soft: every value takes part with its weight.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Scores(q, k, scale) is var z ? [.. z.Select((_, s) => s == Array.LastIndexOf(z, z.Max()) ? 1.0 : 0)] : [], v, o)),
        Wrong("only the best keys",
            "the values of the best keys are added up, and all others left out. Softmax is soft: every value takes part with its weight.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Scores(q, k, scale) is var z ? [.. z.Select(score => score == z.Max() ? 1.0 : 0)] : [], v, o)),
        Wrong("plain average",
            "all values have the same weight, whatever the query asks. The weights come from the scores.",
            (q, k, v, scale, o) => Heads.Mix(Heads.Softmax(Heads.Scores(q, k, 0)), v, o)),
    ];

    private const string LastKeyLeftOut =
        "the last key gets no weight. It is the query's own token, and a token may attend to itself. There are keys.Length / D keys.";

    private static float[] Constant(float value) => [.. Enumerable.Repeat(value, 256)];

    private static Mistake Wrong(string name, string diagnosis, Heads.Mutant.Head head) => Mistake(name, diagnosis, new Heads.Mutant(head));

    private static ExerciseCase<ReferenceBackend> ByHand(string name, int size, float[] query, float[] keys, float[] values) =>
        Case(name, (backend, inputs) =>
        {
            int positions = keys.Length / size;
            inputs.ShowCall("AttendHead", ($"query [{size}]", query), ($"keys [{positions}, {size}]", keys), ($"values [{positions}, {size}]", values), ("options.Scale", 1 / MathF.Sqrt(size)));
            return Answer.Of(Heads.Run(backend, query, keys, values, 1, 1, size), i => $"output[{i}]");
        });

    private static ExerciseCase<ReferenceBackend> Random(string name, int rows, int positions, int heads, int kvHeads, int size) =>
        Case(name, (backend, inputs) =>
        {
            float[] queries = Lab.RandomNormal(rows * heads * size, 61), keys = Lab.RandomNormal(positions * kvHeads * size, 62), values = Lab.RandomNormal(positions * kvHeads * size, 63);
            string cache = $"[{positions}, {kvHeads}, {size}]";
            inputs.ShowCall("Attention", ($"queries [{rows}, {heads}, {size}]", queries), ($"keys {cache}", keys), ($"values {cache}", values), ("options.Scale", 1 / MathF.Sqrt(size)));
            float[] output = Heads.Run(backend, queries, keys, values, heads, kvHeads, size);
            return Answer.Of(output, i => $"output[{i % size}] of head {i / size % heads}, position {positions - rows + i / (size * heads)}");
        });

    private static double[] Exponentials(double[] scores) => Array.ConvertAll(scores, score => PortableMath.Exp(score - scores.Max()));

    private static double[] Relative(double[] scores, double max) => Heads.Normalise(Array.ConvertAll(scores, score => PortableMath.Exp(score - max)));

    private static double[] OnlyBest(double[] scores) => [.. scores.Select((_, s) => s == Array.IndexOf(scores, scores.Max()) ? 1.0 : 0)];

    private static double[] OnlyLast(double[] weights) => [.. weights.Select((weight, s) => s == weights.Length - 1 ? weight : 0)];

    // [S, D] taken for [D, S]
    private static float[] Transposed(ReadOnlySpan<float> rows, int size)
    {
        float[] copy = new float[rows.Length];
        int count = rows.Length / size;
        for (int s = 0; s < count; s++)
        for (int i = 0; i < size; i++)
            copy[s * size + i] = rows[i * count + s];
        return copy;
    }
}
