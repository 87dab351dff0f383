using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.3: conditional probabilities by counting.</summary>
internal sealed class BigramExercise : Exercise<Func<int[], int, float[]>>
{
    /// <inheritdoc/>
    public override string Id => "1.3";

    /// <inheritdoc/>
    public override string Title => "A bigram table by counting";

    /// <inheritdoc/>
    protected override Func<int[], int, float[]> Solution => (ids, size) => Normalise(Count(ids, size), size, unseen: 1f / size);

    /// <inheritdoc/>
    protected override Func<int[], int, float[]> Stub => (_, _) => throw new NotImplementedException("exercise 1.3");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int[], int, float[]>>> CreateCases() =>
    [
        Text("the ids 0 1 0 0", 2, 0, 1, 0, 0),
        Text("one id again and again", 1, 0, 0, 0, 0),
        Text("the ids 0 1 2 0 2 1 0", 3, 0, 1, 2, 0, 2, 1, 0),
        Text("an id that stands only at the end", 3, 0, 1, 0, 1, 2),
        Text("an id that never comes", 4, 0, 1, 2, 1, 0),
        Text("a single id, so no pair", 2, 1),
        Text("300 random ids", 5, RandomIds(300, 5)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("joint",
            "every count is divided by the number of all pairs. That is P(a, b), the joint probability; P(b | a) divides by the pairs that begin with a.",
            (ids, size) => [.. Count(ids, size).Select(count => ids.Length < 2 ? 1f / size : count / (ids.Length - 1))]),
        Mistake("joint, rows without a pair even",
            "every count is divided by the number of all pairs, so the whole table sums to 1 and not each row. P(b | a) divides by the pairs that begin with a.",
            (ids, size) => Joint(ids, size, 1f / size, ids.Length - 1)),
        Mistake("joint, and a single id",
            "every count is divided by the number of all pairs, which is P(a, b), and where there is no pair at all 0 / 0 is NaN. P(b | a) divides by the pairs that begin with a.",
            (ids, size) => Joint(ids, size, null, ids.Length - 1)),
        Mistake("joint, and no row for a single id",
            "every count is divided by the number of all pairs, which is P(a, b), and where there is no pair at all the table stays 0. P(b | a) divides by the pairs that begin with a.",
            (ids, size) => Joint(ids, size, null, Math.Max(1, ids.Length - 1))),
        Mistake("joint, divided by the ids",
            "every count is divided by the number of ids. P(b | a) divides by the pairs that begin with a.",
            (ids, size) => Joint(ids, size, null, ids.Length)),
        Mistake("not divided", NotDivided, (ids, size) => Count(ids, size)),
        Mistake("not divided, rows without a pair even", NotDivided + " A row that begins no pair is right already.",
            (ids, size) => Count(ids, size) is var counts ? [.. counts.Select((count, i) => counts.AsSpan(i / size * size, size).IndexOfAnyExcept(0) < 0 ? 1f / size : count)] : []),
        Mistake("whole numbers divided", WholeNumbers,
            (ids, size) => Array.ConvertAll(Normalise(Count(ids, size), size, unseen: -1), p => p < 0 ? 1f / size : MathF.Floor(p))),
        Mistake("whole numbers divided, 1 / V too", WholeNumbers + " So is 1 / V.",
            (ids, size) => Array.ConvertAll(Normalise(Count(ids, size), size, unseen: 0), MathF.Floor)),
        Mistake("turned after dividing",
            "the rows are right, but the table is turned afterwards: entry [a, b] holds P(a | b). Entry a * V + b is the probability of b after a.",
            (ids, size) => Transpose(Normalise(Count(ids, size), size, 1f / size), size)),
        Mistake("transposed",
            "the table is turned: entry [a, b] holds how often a follows b. The row is the id before, the column the id that comes next.",
            (ids, size) => Normalise(Transpose(Count(ids, size), size), size, 1f / size)),
        Mistake("columns normalised",
            "each column sums to 1 instead of each row. That asks “what came before b?”, and the model is asked “what comes after a?”.",
            (ids, size) => Transpose(Normalise(Transpose(Count(ids, size), size), size, 1f / size), size)),
        Mistake("last id counted",
            "the counts are divided by how often a stands in the text, and the last id is followed by nothing: its row sums to less than 1.",
            (ids, size) => DividedByOccurrences(ids, (a, _) => ids.Length > 1 && ids.Contains(a), size)),
        Mistake("last id counted, rows without a pair even",
            "the counts are divided by how often a occurs in the text, the very end included. An a at the end has no follower and is no case: "
            + "divide by the pairs that begin with a.",
            (ids, size) => DividedByOccurrences(ids, (_, pairs) => pairs > 0, size)),
        Mistake("last id counted, and a single id",
            "the counts are divided by how often a occurs in the text. An id that stands only at the end, or alone, occurs once and begins no pair: "
            + "its row stays 0 and should be 1 / V; and in other texts the last id's row sums to less than 1.",
            (ids, size) => DividedByOccurrences(ids, (a, _) => ids.Contains(a), size)),
        Mistake("unseen row not a number",
            "a row without a single pair is divided by 0. Give such a row 1 / V everywhere: nothing is known, so nothing is preferred.",
            (ids, size) => Normalise(Count(ids, size), size, float.NaN)),
        Mistake("unseen row of zeros",
            "a row without a single pair stays 0, so it is no distribution and nothing could be drawn from it. Give it 1 / V everywhere.",
            (ids, size) => Normalise(Count(ids, size), size, 0)),
        Mistake("wraps around",
            "the text is treated as a ring: the last id is counted as followed by the first.",
            (ids, size) => Normalise(Count([.. ids, ids[0]], size), size, 1f / size)),
        Mistake("last pair left out",
            "the last pair is not counted: the loop ends one too early. n ids make n − 1 pairs.",
            (ids, size) => Normalise(Count(ids[..^1], size), size, 1f / size)),
        Mistake("every second pair",
            "pairs are taken side by side and not overlapping. In “a b c” both a b and b c are pairs: move on by one.",
            (ids, size) => Normalise(Count(ids, size, step: 2), size, 1f / size)),
        Mistake("one added",
            "1 is added to every count. That smoothing is section 1.8; here an unseen pair in a seen row has probability 0.",
            (ids, size) => Normalise(Array.ConvertAll(Count(ids, size), count => count + 1), size, 1f / size)),
    ];

    private const string NotDivided = "these are the counts. A probability is a share: divide each row by the number of pairs that begin with a.";

    private const string WholeNumbers = "a count is divided by another whole number, and in C# 1 / 3 is 0: only a follower that comes every time is left. Make one of the two a float.";

    private static ExerciseCase<Func<int[], int, float[]>> Text(string name, int size, params int[] ids) =>
        Case(name, (bigram, inputs) => Answer.Of(bigram(inputs.Copy(ids), size), i => $"P({i % size} | {i / size})"));

    private static int[] RandomIds(int count, int size)
    {
        var random = new SeededRandom(13);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt(size) * random.NextInt(size) % size)]; // products: not uniform
    }

    private static float[] Count(int[] ids, int size, int step = 1)
    {
        float[] counts = new float[size * size]; // [V, V]
        for (int i = 0; i + 1 < ids.Length; i += step) counts[ids[i] * size + ids[i + 1]]++;
        return counts;
    }

    private static float[] Normalise(float[] counts, int size, float unseen)
    {
        float[] result = new float[counts.Length];
        for (int a = 0; a < size; a++)
        {
            float sum = counts.AsSpan(a * size, size).ToArray().Sum();
            for (int b = 0; b < size; b++) result[a * size + b] = sum == 0 ? unseen : counts[a * size + b] / sum;
        }
        return result;
    }

    // unseen: what stands in a row without a pair; null: what the division gives.
    private static float[] Joint(int[] ids, int size, float? unseen, float divisor)
    {
        float[] counts = Count(ids, size);
        return [.. counts.Select((count, i) => unseen is { } value && counts.AsSpan(i / size * size, size).IndexOfAnyExcept(0) < 0 ? value : count / divisor)];
    }

    // isDivided(a, pairs that begin with a): whether row a is divided by how often a occurs; else it is even.
    private static float[] DividedByOccurrences(int[] ids, Func<int, float, bool> isDivided, int size)
    {
        float[] result = Count(ids, size);
        for (int a = 0; a < size; a++)
        {
            float[] row = result[(a * size)..((a + 1) * size)];
            float occurrences = ids.Count(id => id == a);
            for (int b = 0; b < size; b++) result[a * size + b] = isDivided(a, row.Sum()) ? row[b] / occurrences : 1f / size;
        }
        return result;
    }

    private static float[] Transpose(float[] table, int size) => [.. Enumerable.Range(0, table.Length).Select(i => table[i % size * size + i / size])];
}
