using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch06;

/// <summary>Exercise 6.1: scores of queries against keys, and softmax along the right axis.</summary>
internal sealed class AttentionWeightsExercise : Exercise<Func<float[], float[], int, float[]>>
{
    /// <inheritdoc/>
    public override string Id => "6.1";

    /// <inheritdoc/>
    public override string Title => "A row of weights for each query";

    /// <inheritdoc/>
    protected override Func<float[], float[], int, float[]> Solution =>
        (queries, keys, size) => PerRow(queries, keys, size, row => Heads.Softmax(row));

    /// <inheritdoc/>
    protected override Func<float[], float[], int, float[]> Stub => (_, _, _) => throw new NotImplementedException("exercise 6.1");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], float[], int, float[]>>> CreateCases() =>
    [
        ByHand("one query, two keys", 2, [1, 0], [1, 0, 0, 1]),
        ByHand("one query, one key", 2, [1, 2], [3, 4]),
        ByHand("two queries, two keys", 2, [1, 0, 1, 1], [1, 0, 0, 2]),
        ByHand("two queries, three keys", 2, [1, 0.5f, -1, 2], [1, 0, 0, 1, 2, -1]),
        ByHand("D = 1, three queries, two keys", 1, [1, 2, -1], [0.5f, -0.5f]),
        ByHand("scores in the thousands", 2, [100, 0, 0, -100], [20, 20, 10, 20, 20, 10]),
        Case("4 queries, 9 keys, D = 16", (weights, inputs) =>
            Ask(weights, inputs, 16, Lab.RandomNormal(64, 64), Lab.Scale(Lab.RandomNormal(144, 65), 0.3f))),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("softmax over the queries",
            "softmax runs down the columns, so each key shares itself out among the queries. Each query shares out its attention: a row sums to 1.",
            (queries, keys, size) => Turn(PerRow(keys, queries, size, row => Heads.Softmax(row)), queries.Length / size)),
        Mistake("queries and keys exchanged",
            "keys and queries have changed places: the table is [S, T], and each key shares itself out among the queries. Queries outside, keys "
                + "inside: a row for each query, [T, S], and each row sums to 1.",
            (queries, keys, size) => PerRow(keys, queries, size, row => Heads.Softmax(row))),
        Mistake("softmax over the whole table",
            "one softmax runs over all numbers at once. Each query has a softmax of its own: every row sums to 1.",
            (queries, keys, size) => Floats(Heads.Softmax(Scores(queries, keys, size)))),
        Mistake("only the first query",
            "only the first query's row comes back. Every query has a row of its own: T rows, one behind the other.",
            (queries, keys, size) => PerRow(queries[..size], keys, size, row => Heads.Softmax(row))),
        Mistake("as many keys as queries",
            "each query is compared with the first T keys only. There are S keys, keys.Length / size of them, and every query asks them all.",
            (queries, keys, size) => PerRow(queries, keys[..queries.Length], size, row => Heads.Softmax(row))) with { IsAnyError = true },
        Mistake("scores returned", "these are the scores. Softmax makes weights of them, row by row.",
            (queries, keys, size) => PerRow(queries, keys, size, row => row)),
        Mistake("no exponential", "the scores are divided by their sum. Without the exponential a negative score is a negative weight.",
            (queries, keys, size) => PerRow(queries, keys, size, Heads.Normalise)),
        Mistake("maximum not subtracted",
            "the exponentials of large scores overflow, and ∞ / ∞ is NaN. Subtract each row's largest score first, as in chapter 01.",
            (queries, keys, size) => PerRow(queries, keys, size, row => Heads.Softmax(row, subtractMax: false))),
        Mistake("turned", "the table is turned: it is [S, T], a row for each key. Make it [T, S], a row for each query.",
            (queries, keys, size) => Turn(PerRow(queries, keys, size, row => Heads.Softmax(row)), keys.Length / size)),
        Mistake("keys read by columns", "the keys are read as [D, S]. They are [S, D]: number i of key s stands at s * D + i.",
            (queries, keys, size) => PerRow(queries, Turn(keys, keys.Length / size), size, row => Heads.Softmax(row))),
        Mistake("scaled already",
            "the scores are divided by √D. That is right in a model, and section 6.3 shows why; here the scores are the plain dot products.",
            (queries, keys, size) => PerRow(queries, keys, size, row => Heads.Softmax(Array.ConvertAll(row, score => score / Math.Sqrt(size))))),
        Mistake("cosine",
            "the dot products are divided by the lengths of query and key. A long key may win by its length: use the plain dot product.",
            (queries, keys, size) => PerRow(Unit(queries, size), Unit(keys, size), size, row => Heads.Softmax(row))),
    ];

    private static ExerciseCase<Func<float[], float[], int, float[]>> ByHand(string name, int size, float[] queries, float[] keys) =>
        Case(name, (weights, inputs) => Ask(weights, inputs, size, queries, keys));

    private static Answer Ask(Func<float[], float[], int, float[]> weights, Inputs inputs, int size, float[] queries, float[] keys) =>
        Answer.Of(weights(inputs.Copy(queries), inputs.Copy(keys), size), i =>
            $"weight of query {i / (keys.Length / size)}, key {i % (keys.Length / size)}");

    private static double[] Scores(float[] queries, float[] keys, int size) =>
        [.. queries.Chunk(size).SelectMany(query => Heads.Scores(query, keys, 1))];

    private static float[] PerRow(float[] queries, float[] keys, int size, Func<double[], double[]> change) =>
        [.. queries.Chunk(size).SelectMany(query => Floats(change(Heads.Scores(query, keys, 1))))];

    private static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);

    // [N, columns] -> [columns, N]
    private static float[] Turn(float[] table, int columns) =>
        [.. Enumerable.Range(0, table.Length).Select(i => table[i % (table.Length / columns) * columns + i / (table.Length / columns)])];

    private static float[] Unit(float[] rows, int size) =>
        [.. rows.Chunk(size).SelectMany(row => Lab.Scale(row, (float)(1 / Math.Sqrt(row.Sum(x => (double)x * x)))))];
}
