using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>
/// Exercise 1.4: the entropy of the next token, given the last, in bits: <c>Σ_a P(a) Σ_b P(b|a) log₂ 1/P(b|a)</c>, where <c>P(a)</c> is the share of the
/// pairs that begin with a.
/// </summary>
internal sealed class NextEntropyExercise : Exercise<Func<int[], int, double>>
{
    /// <inheritdoc/>
    public override string Id => "1.4";

    /// <inheritdoc/>
    public override string Title => "Entropy of the next, given the last";

    /// <inheritdoc/>
    protected override Func<int[], int, double> Solution => (ids, size) => OverRows(ids, size, PairShare, EntropyOf);

    /// <inheritdoc/>
    protected override Func<int[], int, double> Stub => (_, _) => throw new NotImplementedException("exercise 1.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int[], int, double>>> CreateCases() =>
    [
        Text("0 0 1 0 0 1 0: after 0 a coin, after 1 nothing is open", 2, 0, 0, 1, 0, 0, 1, 0), // 4 of 6 pairs hold 1 bit: 0.667
        Text("0 1 0 1 0 1: the last id says it all", 2, 0, 1, 0, 1, 0, 1), // 0
        Text("one id again and again", 1, 0, 0, 0, 0), // 0
        Text("0 1 0 2 0 3 0 4 0: one of four after 0", 5, 0, 1, 0, 2, 0, 3, 0, 4, 0), // 4 of 8 pairs hold 2 bits: 1
        Text("a follower three times in four", 3, 0, 1, 0, 1, 0, 2, 0, 1, 0),
        Text("the last id has no follower", 4, 0, 1, 0, 2, 0, 0, 1, 3),
        Text("two ids that never come", 5, 0, 1, 1, 0, 0, 2, 0, 1, 2),
        Text("two ids, so one pair", 3, 2, 0), // 0
        Text("300 ids, some rarer than others", 5, [.. Enumerable.Range(0, 300).Select(i => (i * i + i / 7) % 5 * (i % 3) % 5)]),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("nats", "the logarithm is the natural one, so the result is in nats: too small by the factor ln 2 = 0.693. Bits use the logarithm to base 2.",
            (ids, size) => OverRows(ids, size, PairShare, row => EntropyOf(row) * PortableMath.Log(2))),
        Mistake("base 10", "the logarithm is to base 10. Two followers, equally often, must come out as exactly 1 bit.",
            (ids, size) => OverRows(ids, size, PairShare, row => EntropyOf(row) * PortableMath.Log(2) / PortableMath.Log(10))),
        Mistake("zero not left out",
            "a follower that never comes gives 0 · log 0 = 0 · (−∞) = NaN. Its term is 0, the limit of p log p: leave it out.",
            (ids, size) => OverRows(ids, size, PairShare, row => row.Sum(p => -p * Log2(p)))),
        Mistake("sign", "the sign is missing: the logarithm of a probability is negative, surprise is its opposite.",
            (ids, size) => -OverRows(ids, size, PairShare, EntropyOf)),
        Mistake("last id not used", "this is the entropy of the ids by themselves: how often each one comes. The last id is known here: take the entropy of its row.",
            (ids, size) => EntropyOf(Shares(ids, size))),
        Mistake("pairs together",
            "this is the entropy of the pairs: how uncertain both ids are together. The first of the two is known: in each row divide by the pairs of that row.",
            (ids, size) => EntropyOf([.. Count(ids, size).Select(count => count / (ids.Length - 1))])),
        Mistake("minus the entropy of all ids",
            "the entropy of the pairs minus that of all ids: nearly right. What is known is the first id of each pair, and that is every id but the last.",
            (ids, size) => EntropyOf([.. Count(ids, size).Select(count => count / (ids.Length - 1))])
                - EntropyOf(Shares(ids, size))),
        Mistake("saved instead of left",
            "this is what knowing the last id saves: the entropy of the ids by themselves minus what is asked for. Return what is left.",
            (ids, size) => EntropyOf(Shares(ids, size)) - OverRows(ids, size, PairShare, EntropyOf)),
        Mistake("two to the entropy", "this is 2 to the entropy, between how many even choices one hesitates. The exponent itself is asked for.",
            (ids, size) => PortableMath.Pow(2, OverRows(ids, size, PairShare, EntropyOf))),
        Mistake("rows not weighted",
            "the rows are averaged as if each id came equally often. An id counts as often as pairs begin with it.",
            (ids, size) => OverRows(ids, size, (_, row) => row.Sum() > 0 ? 1.0 / Rows(ids).Count() : 0, EntropyOf)),
        Mistake("rows not weighted, nor left out",
            "the rows of all V ids are averaged as if each came equally often, those that begin no pair included. An id counts as often as pairs begin with it.",
            (ids, size) => OverRows(ids, size, (_, _) => 1.0 / size, EntropyOf)),
        Mistake("even rows counted",
            "the weights are missing: the rows of all V ids are averaged as if each came equally often, and one that begins no pair counts as an even guess, log₂ V bits. "
            + "An id counts as often as pairs begin with it.",
            (ids, size) => OverRows(ids, size, (_, _) => 1.0 / size, row => row.Sum() > 0 ? EntropyOf(row) : Log2(size))),
        Mistake("whole numbers divided",
            "everything comes out as 0. Is one whole number divided by another, in the weight of a row or inside it? In C# 3 / 5 is 0: make one of the two a double.",
            (ids, size) => OverRows(ids, size, (_, shares) => shares.Sum() > 0.999 ? 1 : 0, EntropyOf)),
        Mistake("one row", OneRow, (ids, size) => OverRows(ids, size, (a, _) => a == ids[^1] ? 1 : 0, EntropyOf)),
        Mistake("one row, even", OneRow + " (And that row is even where no pair begins.)",
            (ids, size) => OverRows(ids, size, (a, _) => a == ids[^1] ? 1 : 0, row => row.Sum() > 0 ? EntropyOf(row) : Log2(size))),
        Mistake("not divided", "the surprises of all pairs are added up. Divide by the number of pairs: the average is asked for.",
            (ids, size) => OverRows(ids, size, PairShare, EntropyOf) * (ids.Length - 1)),
        Mistake("rows added, even rows",
            "the entropies of all rows are added up, and a row without a pair counts as an even guess. Weight each by the share of the pairs that begin with its id.",
            (ids, size) => OverRows(ids, size, (_, _) => 1, row => row.Sum() > 0 ? EntropyOf(row) : Log2(size))),
        Mistake("rows added", "the entropies of the rows are added up. Weight each by the share of the pairs that begin with its id.",
            (ids, size) => OverRows(ids, size, (_, _) => 1, EntropyOf)),
        Mistake("weighted by how often the id occurs",
            "a row is weighted by how often its id occurs, the very end of the text included. An id at the end has no follower: weight by the pairs that begin with it.",
            (ids, size) => OverRows(ids, size, (a, _) => Shares(ids, size)[a], EntropyOf)),
        Mistake("weighted by how often the id occurs, even rows",
            "a row is weighted by how often its id occurs, the very end of the text included, and an id that stands only at the end brings log₂ V bits of an even "
            + "row. Weight by the pairs that begin with it.",
            (ids, size) => OverRows(ids, size, (a, _) => Shares(ids, size)[a], row => row.Sum() > 0 ? EntropyOf(row) : Log2(size))),
        Mistake("divided by the ids", "the sum is divided by the number of ids. There is one pair fewer than ids.",
            (ids, size) => OverRows(ids, size, PairShare, EntropyOf) * (ids.Length - 1) / ids.Length),
        Mistake("surprises averaged",
            "inside a row the surprises are averaged without weights. A follower counts as often as it comes: weight each surprise by its P(b | a).",
            (ids, size) => OverRows(ids, size, PairShare, row => row.Where(p => p > 0).Select(p => -Log2(p)).DefaultIfEmpty(0).Average())),
        Mistake("followers counted",
            "this is log₂ of how many different followers there are, the entropy if all were equally likely. Use how often each comes.",
            (ids, size) => OverRows(ids, size, PairShare, row => Log2(Math.Max(1, row.Count(p => p > 0))))),
        Mistake("divided by log V", "the result is divided by log₂ V, so that an even guess gives 1. Bits are asked for.",
            (ids, size) => size == 1 ? 0 : OverRows(ids, size, PairShare, EntropyOf) / Log2(size)),
        Mistake("the last, given the next", "rows and columns have changed places: this is the entropy of the id before, when the next one is known.",
            (ids, size) => OverRows([.. ids.Reverse()], size, PairShare, EntropyOf)),
        Mistake("wraps around", "the text is treated as a ring: the last id is counted as followed by the first.",
            (ids, size) => OverRows([.. ids, ids[0]], size, PairShare, EntropyOf)),
        Mistake("empty row not a number", "a row without a single pair is divided by 0, and its NaN spreads to the whole sum. Leave out a row that begins no pair.",
            (ids, size) => Enumerable.Range(0, size).All(id => Array.IndexOf(ids[..^1], id) >= 0) ? OverRows(ids, size, PairShare, EntropyOf) : double.NaN),
    ];

    private const string OneRow = "this is the entropy of one row, that of the id at the end of the text. The last one known is every id in turn: average over all pairs.";

    private static ExerciseCase<Func<int[], int, double>> Text(string name, int size, params int[] ids) =>
        Case(name, (entropy, inputs) => Answer.Of(entropy(inputs.Copy(ids), size)));

    // Σ over the rows a of weight(a, counts of the row) · entropy(the row's probabilities, all 0 where no pair begins with a).
    private static double OverRows(int[] ids, int size, Func<int, double[], double> weight, Func<double[], double> entropy)
    {
        double total = 0;
        foreach ((int a, double[] counts) in Count(ids, size).Chunk(size).Index()) // [V]
        {
            double pairs = counts.Sum();
            total += weight(a, [.. counts.Select(count => count / (ids.Length - 1))]) * entropy(Array.ConvertAll(counts, count => pairs > 0 ? count / pairs : 0));
        }
        return total;
    }

    // How often each id occurs, the last one included.
    private static double[] Shares(int[] ids, int size) => [.. Enumerable.Range(0, size).Select(id => (double)ids.Count(other => other == id) / ids.Length)];

    private static double PairShare(int a, double[] shares) => shares.Sum();

    private static IEnumerable<int> Rows(int[] ids) => ids[..^1].Distinct();

    private static double[] Count(int[] ids, int size)
    {
        double[] counts = new double[size * size]; // [V, V]
        for (int i = 0; i + 1 < ids.Length; i++) counts[ids[i] * size + ids[i + 1]]++;
        return counts;
    }

    private static double EntropyOf(double[] p) => p.Where(value => value > 0).Sum(value => -value * Log2(value));

    private static double Log2(double value) => PortableMath.Log(value) / PortableMath.Log(2);
}
