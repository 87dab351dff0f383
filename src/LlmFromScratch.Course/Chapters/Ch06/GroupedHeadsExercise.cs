using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch06;

/// <summary>Exercise 6.4: several query heads share a key/value head (Ainslie et al. 2023, GQA, section 2.2).</summary>
internal sealed class GroupedHeadsExercise : Exercise<Func<float[], float[], float[], int, int, int, float[]>>
{
    /// <inheritdoc/>
    public override string Id => "6.4";

    /// <inheritdoc/>
    public override string Title => "Grouped heads";

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], int, int, int, float[]> Solution => (query, keys, values, heads, kvHeads, size) =>
        Grouped(query, keys, values, heads, kvHeads, size, h => h / (heads / kvHeads));

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], int, int, int, float[]> Stub =>
        (_, _, _, _, _, _) => throw new NotImplementedException("exercise 6.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], float[], float[], int, int, int, float[]>>> CreateCases() =>
    [
        ByHand("one head, two positions", 1, 1, 4, [2, 0, 0, 2], [1, 0, 0, 0, 0, 0, 0, 2], [1, 2, 3, 4, 5, 6, 7, 8]), // scores 2 and 4, scaled 1 and 2
        ByHand("two heads, each with its own keys", 2, 2, 1, [1, 2], [1, 0, 0, 1], [1, 10, 2, 20]),
        ByHand("four heads share two key/value heads", 4, 2, 1, [1, 2, -1, 0], [1, 0, 0, 3], [1, 10, 2, 20]),
        ByHand("three heads, one key/value head (MQA)", 3, 1, 2, [1, 0, 0, 1, 2, 2], [1, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6]),
        Sizes("one head of random numbers", positions: 3, heads: 1, kvHeads: 1, size: 4),
        Sizes("four heads, one key/value head", positions: 5, heads: 4, kvHeads: 1, size: 4),
        Sizes("four heads, two key/value heads", positions: 5, heads: 4, kvHeads: 2, size: 4),
        Sizes("six heads, two key/value heads", positions: 4, heads: 6, kvHeads: 2, size: 2),
        Sizes("six heads, three key/value heads", positions: 7, heads: 6, kvHeads: 3, size: 8),
        Sizes("a single position", positions: 1, heads: 8, kvHeads: 4, size: 2),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("h modulo K", "query head h reads key/value head h % K. Neighbours share: with H / K heads to a group, it is h / (H / K).",
            (h, _, kvHeads) => h % kvHeads),
        Wrong("h modulo the group", "query head h reads key/value head h % (H / K). Neighbours share: with H / K heads to a group, it is h / (H / K).",
            (h, heads, kvHeads) => h % (heads / kvHeads)) with { IsAnyError = true },
        Wrong("h divided by K", DividedByK + "With K = 1 there is no head h / K, and Lab.Attend gets no keys.", (h, _, kvHeads) => h / kvHeads),
        Wrong("h divided by K, index", DividedByK + "With K = 1 the index runs past the end of the cache.", (h, _, kvHeads) => HeadIds(kvHeads)[h / kvHeads]),
        Wrong("h divided by K, range", DividedByK + "With K = 1 the range ends past the end of the cache.",
            (h, _, kvHeads) => HeadIds(kvHeads).ElementAt(h / kvHeads)),
        Wrong("no groups", "query head h reads key/value head h, but there are only K of them, fewer than H. Neighbours share: it is h / (H / K).",
            (h, _, _) => h),
        Mistake("stride of the query heads",
            "the key/value head is right, but the cache is cut as if it held H heads per position. It holds K: the next position's row of the same "
                + "head lies K rows on, not H.",
            (query, keys, values, heads, kvHeads, size) => Grouped(query, keys, values, heads, heads, size, h => h / (heads / kvHeads))),
        Mistake("stride of the query heads, index",
            "the cache is read at (s * H + g) * D + i, and that runs past its end. It holds K heads per position: (s * K + g) * D + i.",
            (query, keys, values, heads, kvHeads, size) => Grouped(query, Strided(keys, heads, kvHeads, size), Strided(values, heads, kvHeads, size),
                heads, kvHeads, size, h => h / (heads / kvHeads))),
        Wrong("h divided by K, held inside", DividedByK + "Math.Min keeps the index inside the cache and hides the mistake.",
            (h, _, kvHeads) => Math.Min(h / kvHeads, kvHeads - 1)),
        Mistake("only K heads",
            "only K heads come back. There are H queries, and each gets an output of its own, also where keys and values are shared.",
            (query, keys, values, heads, kvHeads, size) => Grouped(query, keys, values, kvHeads, kvHeads, size, h => h)),
        Mistake("only one head of each group",
            "only one query head of each group gets an output. There are H queries, and each gets an output of its own, also where keys and values are shared.",
            (query, keys, values, heads, kvHeads, size) => Grouped([.. query.Chunk(size).Where((_, h) => h % (heads / kvHeads) == 0).SelectMany(q => q)],
                keys, values, kvHeads, kvHeads, size, h => h)),
        Mistake("one query for a group",
            "the query heads of a group all ask with the query of its first head. Keys and values are shared, the queries are not: each of the H heads has its own.",
            (query, keys, values, heads, kvHeads, size) => Grouped([.. Enumerable.Range(0, heads).SelectMany(h => query.Skip((h - h % (heads / kvHeads)) * size).Take(size))],
                keys, values, heads, kvHeads, size, h => h / (heads / kvHeads))),
        Mistake("all key/value heads together",
            "every query head reads the keys of all K heads as if they were one long row of positions. Take those of one head: each position holds K rows, and one of them is its.",
            (query, keys, values, heads, _, size) => Grouped(query, keys, values, heads, 1, size, _ => 0)),
        Mistake("query read by columns",
            "the query is read as [D, H]. It is [H, D]: head h is the slice from h * D to (h + 1) * D.",
            (query, keys, values, heads, kvHeads, size) => Grouped([.. Enumerable.Range(0, query.Length).Select(i => query[i % size * heads + i / size])],
                keys, values, heads, kvHeads, size, h => h / (heads / kvHeads))),
        Mistake("scaled twice",
            "the scores are divided by √D twice: once by you, once by Lab.Attend, which scales by itself. Hand it the query as it is.",
            (query, keys, values, heads, kvHeads, size) =>
                Grouped(Lab.Scale(query, 1 / MathF.Sqrt(size)), keys, values, heads, kvHeads, size, h => h / (heads / kvHeads))),
        Wrong("always the first", "every query head reads key/value head 0. That is MQA; here head h reads head h / (H / K).",
            (_, _, _) => 0),
        Wrong("groups from the end", "the groups are counted from the end. The first H / K query heads share key/value head 0.",
            (h, heads, kvHeads) => kvHeads - 1 - h / (heads / kvHeads)),
        Mistake("head before position",
            "the cache is read as [K, S, D]. It is [S, K, D]: number i of key/value head g at position s stands at (s * K + g) * D + i.",
            (query, keys, values, heads, kvHeads, size) =>
                Grouped(query, HeadFirst(keys, kvHeads, size), HeadFirst(values, kvHeads, size), heads, kvHeads, size,
                h => h / (heads / kvHeads))),
        Mistake("values of head h",
            "the keys come from the right key/value head, but the values from h % K. Keys and values belong together: one index for both.",
            (query, keys, values, heads, kvHeads, size) =>
                Grouped(query, keys, values, heads, kvHeads, size, h => h / (heads / kvHeads), h => h % kvHeads)),
        Mistake("values of head 0",
            "the keys come from the right key/value head, but the values from head 0. Keys and values belong together: one index for both.",
            (query, keys, values, heads, kvHeads, size) => Grouped(query, keys, values, heads, kvHeads, size, h => h / (heads / kvHeads), _ => 0)),
        Mistake("heads interleaved",
            "the outputs are woven together, [D, H]. Concatenated means one head after the other, [H, D]: the output projection expects them so.",
            (query, keys, values, heads, kvHeads, size) =>
            {
                float[] right = Grouped(query, keys, values, heads, kvHeads, size, h => h / (heads / kvHeads));
                return [.. Enumerable.Range(0, right.Length).Select(i => right[i % heads * size + i / heads])];
            }),
        Mistake("scaled by the whole width", "the scores are divided by √(H·D). The dot product of one head has D terms, so the divisor is √D.",
            (query, keys, values, heads, kvHeads, size) =>
                Grouped(Lab.Scale(query, 1 / MathF.Sqrt(heads)), keys, values, heads, kvHeads, size, h => h / (heads / kvHeads))),
        Mistake("heads added",
            "the heads are added up and every head gets the sum. Each keeps its own D numbers; the output projection mixes them later.",
            (query, keys, values, heads, kvHeads, size) =>
            {
                float[] right = Grouped(query, keys, values, heads, kvHeads, size, h => h / (heads / kvHeads));
                return [.. Enumerable.Range(0, right.Length).Select(i => Enumerable.Range(0, heads).Sum(h => right[h * size + i % size]))];
            }),
    ];

    private const string DividedByK =
        "query head h reads key/value head h / K. The divisor is the size of a group, H / K, not the number of groups. ";

    private static int[] HeadIds(int kvHeads) => [.. Enumerable.Range(0, kvHeads)]; // throws, as the cache does, for a head that is not there

    private static Mistake Wrong(string name, string diagnosis, Func<int, int, int, int> kvHeadOf) => Mistake(name, diagnosis,
        (query, keys, values, heads, kvHeads, size) => Grouped(query, keys, values, heads, kvHeads, size, h => kvHeadOf(h, heads, kvHeads)));

    private static ExerciseCase<Func<float[], float[], float[], int, int, int, float[]>> ByHand(
        string name, int heads, int kvHeads, int size, float[] query, float[] keys, float[] values) =>
        Case(name, (grouped, inputs) => Answer.Of(
            grouped(inputs.Copy(query), inputs.Copy(keys), inputs.Copy(values), heads, kvHeads, size), i => $"output[{i % size}] of head {i / size}"));

    private static ExerciseCase<Func<float[], float[], float[], int, int, int, float[]>> Sizes(string name, int positions, int heads, int kvHeads, int size) =>
        Case(name, (grouped, inputs) => Answer.Of(
            grouped(inputs.Copy(Lab.RandomNormal(heads * size, 66)), inputs.Copy(Lab.RandomNormal(positions * kvHeads * size, 67)),
                inputs.Copy(Lab.RandomNormal(positions * kvHeads * size, 68)), heads, kvHeads, size),
            i => $"output[{i % size}] of head {i / size}"));

    private static float[] Grouped(float[] query, float[] keys, float[] values, int heads, int kvHeads, int size, Func<int, int> kvHeadOf, Func<int, int>? valueHeadOf = null) =>
    [
        .. Enumerable.Range(0, heads).SelectMany(h => Lab.Attend(query[(h * size)..((h + 1) * size)],
            HeadOf(keys, kvHeadOf(h), kvHeads, size), HeadOf(values, (valueHeadOf ?? kvHeadOf)(h), kvHeads, size))),
    ];

    // [S, K, D] -> [S, D] of one key/value head
    private static float[] HeadOf(float[] cache, int kvHead, int kvHeads, int size) =>
        [.. cache.Chunk(size).Where((_, row) => row % kvHeads == kvHead).SelectMany(row => row)];

    // What a reader finds who takes H rows for a position; throws where the cache is too short.
    private static float[] Strided(float[] cache, int heads, int kvHeads, int size) =>
        [.. Enumerable.Range(0, cache.Length).Select(n => cache[(n / size / kvHeads * heads + n / size % kvHeads) * size + n % size])];

    // What a reader of [K, S, D] takes for [S, K, D].
    private static float[] HeadFirst(float[] cache, int kvHeads, int size)
    {
        int positions = cache.Length / (kvHeads * size);
        return [.. Enumerable.Range(0, positions * kvHeads).SelectMany(row => cache.AsSpan((row % kvHeads * positions + row / kvHeads) * size, size).ToArray())];
    }
}
