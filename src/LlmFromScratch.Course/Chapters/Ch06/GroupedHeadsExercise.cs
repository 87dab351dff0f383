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
        Sizes("one head", positions: 3, heads: 1, kvHeads: 1, size: 4),
        Sizes("two heads, each with its own keys", positions: 3, heads: 2, kvHeads: 2, size: 2),
        Sizes("four heads, one key/value head (MQA)", positions: 5, heads: 4, kvHeads: 1, size: 4),
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
        Wrong("h divided by K", "query head h reads key/value head h / K. The divisor is the size of a group, H / K, not the number of groups.",
            (h, _, kvHeads) => Math.Min(h / kvHeads, kvHeads - 1)),
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

    private static Mistake Wrong(string name, string diagnosis, Func<int, int, int, int> kvHeadOf) => Mistake(name, diagnosis,
        (query, keys, values, heads, kvHeads, size) => Grouped(query, keys, values, heads, kvHeads, size, h => kvHeadOf(h, heads, kvHeads)));

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

    // What a reader of [K, S, D] takes for [S, K, D].
    private static float[] HeadFirst(float[] cache, int kvHeads, int size)
    {
        int positions = cache.Length / (kvHeads * size);
        return [.. Enumerable.Range(0, positions * kvHeads).SelectMany(row => cache.AsSpan((row % kvHeads * positions + row / kvHeads) * size, size).ToArray())];
    }
}
