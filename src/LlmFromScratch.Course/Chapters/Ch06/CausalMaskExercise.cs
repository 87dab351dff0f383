using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch06;

/// <summary>Exercise 6.2: the causal mask when earlier tokens are in a cache.</summary>
internal sealed class CausalMaskExercise : Exercise<Func<float[], int, int, float[]>>
{
    /// <inheritdoc/>
    public override string Id => "6.2";

    /// <inheritdoc/>
    public override string Title => "The causal mask, with a cache";

    /// <inheritdoc/>
    protected override Func<float[], int, int, float[]> Solution => (scores, rows, positions) =>
        Masked(scores, rows, positions, (t, s) => s <= positions - rows + t);

    /// <inheritdoc/>
    protected override Func<float[], int, int, float[]> Stub => (_, _, _) => throw new NotImplementedException("exercise 6.2");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], int, int, float[]>>> CreateCases() =>
    [
        Table("one token", 1, 1, 2),
        Table("two tokens", 2, 2, 1, 3, 2, 2),
        Table("three tokens with equal scores", 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1),
        Table("four tokens", 4, 4, 0.5f, 2, -1, 3, 1, 0, 2, 5, -2, 1, 0.5f, 4, 1, 2, 3, -4),
        Table("negative scores", 3, 3, -5, -1, -2, -4, -6, -3, -7, -5, -6),
        Table("one new token, four in the cache", 1, 5, 1, 2, 0, -1, 0.5f),
        Table("two new tokens, three in the cache", 2, 5, 1, 0, 2, -1, 3, 0, 1, 1, 2, -2),
        Table("a future score in the thousands", 2, 3, 0, 1, 3000, 1, 0, 2),
        Table("scores far below zero", 2, 3, -20000, -20001, 5, -30000, -30002, -30001),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("cache forgotten",
            "the mask compares row and column as if the first row were position 0. With S − T tokens in the cache, row t stands at position "
                + "S − T + t.",
            (scores, rows, positions) => Masked(scores, rows, positions, (t, s) => s <= t)),
        Mistake("own token hidden",
            OwnTokenHidden + "At position 0 nothing is left to see: all scores are −∞, and −∞ − (−∞) is NaN.",
            (scores, rows, positions) => WithoutItself(scores, rows, positions, row => Array.Fill(row, double.NaN))),
        Mistake("own token hidden, first row empty",
            OwnTokenHidden + "At position 0 nothing is left to see: its row is all zeros and does not sum to 1.",
            (scores, rows, positions) => WithoutItself(scores, rows, positions, _ => { })),
        Mistake("own token hidden, first row even",
            OwnTokenHidden + "At position 0 nothing is left to see: all scores are equally low, and the future gets a share after all.",
            (scores, rows, positions) => WithoutItself(scores, rows, positions, row => Array.Fill(row, 1.0 / positions))),
        Mistake("own token hidden, first row refused",
            OwnTokenHidden + "At position 0 nothing is left to see, and Lab.Softmax refuses a row without a single finite score.",
            (scores, rows, positions) => WithoutItself(scores, rows, positions, _ => Lab.Softmax([]))),
        Mistake("own token hidden, no largest score",
            OwnTokenHidden + "At position 0 nothing is left to see, and Max refuses an empty row.",
            (scores, rows, positions) => WithoutItself(scores, rows, positions, _ => Array.Empty<double>().Max())),
        Mistake("next token seen",
            "each token sees one token of the future. The mask is off by one: position p sees 0 to p.",
            (scores, rows, positions) => Masked(scores, rows, positions, (t, s) => s <= positions - rows + t + 1)),
        Mistake("not masked",
            "every token sees the whole text, the future too. A model trained so copies its answers and learns nothing.",
            (scores, rows, positions) => Masked(scores, rows, positions, (_, _) => true)),
        Mistake("past hidden",
            "the mask is the wrong way round: the past is hidden and the future is seen.",
            (scores, rows, positions) => Masked(scores, rows, positions, (t, s) => s >= positions - rows + t)),
        Mistake("zeroed after softmax",
            "the future's weights are set to 0 after softmax, so a row sums to less than 1 and the future still took its share of the sum. "
                + "Mask the scores, before softmax.",
            (scores, rows, positions) => Masked(scores, rows, positions, (_, _) => true, (t, s) => s <= positions - rows + t)),
        Mistake("rows without their zeros",
            "the weights are right, but each row ends where its token stops seeing. Every row has S places: write the zeros too, so that row t "
                + "begins at t * S.",
            Ragged),
        Mistake("score 0",
            "the future's scores are set to 0. A score of 0 is an ordinary score, e^0 = 1: hide with −∞, whose exponential is 0.",
            (scores, rows, positions) =>
                Masked([.. scores.Select((x, i) => i % positions <= positions - rows + i / positions ? x : 0)], rows, positions, (_, _) => true)),
        Mistake("score 0, and deleted",
            "the future's scores are set to 0 before softmax, and its weights to 0 after it. A score of 0 took its share of the sum all the same, e^0 = 1: hide with −∞.",
            (scores, rows, positions) => Masked([.. scores.Select((x, i) => i % positions <= positions - rows + i / positions ? x : 0)], rows, positions, (_, _) => true,
                (t, s) => s <= positions - rows + t)),
        Mistake("softmax over the whole table",
            "the mask is right, but one softmax runs over all rows at once. Each token shares out its own attention: every row sums to 1.",
            (scores, rows, positions) => Lab.Softmax([.. scores.Select((x, i) => i % positions <= positions - rows + i / positions ? x : float.NegativeInfinity)])),
        Mistake("a number in place of −∞",
            "the future's scores are set to a large negative number, and the scores of the past can be lower still: then the future gets all. Nothing is below −∞.",
            (scores, rows, positions) =>
                Masked([.. scores.Select((x, i) => i % positions <= positions - rows + i / positions ? x : -10000)], rows, positions, (_, _) => true)),
        Mistake("score −10",
            "the future's scores are set to −10. That is still an ordinary score: where the past's scores are low too, the future gets a share. Hide with −∞.",
            (scores, rows, positions) =>
                Masked([.. scores.Select((x, i) => i % positions <= positions - rows + i / positions ? x : -10)], rows, positions, (_, _) => true)),
        Mistake("renormalised after softmax",
            "the future's weights are set to 0 after softmax and the rest is divided by what is left. That undoes the harm, until the future holds nearly all: then what "
                + "is left underflows, and 0 / 0 is NaN. Mask the scores, before softmax.",
            (scores, rows, positions) => [.. Masked(scores, rows, positions, (_, _) => true, (t, s) => s <= positions - rows + t).Chunk(positions)
                .SelectMany(row => row.Select(weight => weight / row.Sum()))]),
        Mistake("largest of the whole row",
            "the largest score is taken over the whole row, the hidden part included: when the future holds it, all that is left "
                + "underflows, and 0 / 0 is NaN. Mask first, then look for the largest.",
            MaximumOfAll),
    ];

    private const string OwnTokenHidden = "a token does not see itself. The mask is off by one: position p sees 0 to p, p included. ";

    private static ExerciseCase<Func<float[], int, int, float[]>> Table(string name, int rows, int positions, params float[] scores) =>
        Case(name, (mask, inputs) =>
            Answer.Of(mask(inputs.Copy(scores), rows, positions), i => $"weight of row {i / positions}, position {i % positions}"));

    private static float[] Masked(float[] scores, int rows, int positions, Func<int, int, bool> sees, Func<int, int, bool>? keeps = null)
    {
        float[] weights = new float[scores.Length]; // [T, S]
        for (int t = 0; t < rows; t++)
        {
            int[] seen = [.. Enumerable.Range(0, positions).Where(s => sees(t, s))];
            double[] row = Heads.Softmax([.. seen.Select(s => (double)scores[t * positions + s])]);
            for (int i = 0; i < seen.Length; i++)
                if (keeps is null || keeps(t, seen[i])) weights[t * positions + seen[i]] = (float)row[i];
        }
        return weights;
    }

    // Row t sees the positions before its own; when there are none, the row is what the learner's softmax makes of nothing.
    private static float[] WithoutItself(float[] scores, int rows, int positions, Action<double[]> fillEmpty)
    {
        var weights = new List<double>(); // [T, S]
        for (int t = 0; t < rows; t++)
        {
            int seen = positions - rows + t;
            double[] row = new double[positions]; // [S]
            if (seen == 0) fillEmpty(row);
            else Heads.Softmax([.. scores.Skip(t * positions).Take(seen).Select(score => (double)score)]).CopyTo(row, 0);
            weights.AddRange(row);
        }
        return [.. weights.Select(weight => (float)weight)];
    }

    private static float[] Ragged(float[] scores, int rows, int positions) =>
        [.. scores.Chunk(positions).SelectMany((row, t) => Lab.Softmax(row[..(positions - rows + t + 1)]))];

    private static float[] MaximumOfAll(float[] scores, int rows, int positions)
    {
        float[] weights = new float[scores.Length]; // [T, S]
        for (int t = 0; t < rows; t++)
        {
            int seen = positions - rows + t + 1;
            double[] row = [.. scores.Skip(t * positions).Take(positions).Select(score => (double)score)];
            double[] exponentials = [.. row.Take(seen).Select(score => Numerics.PortableMath.Exp(score - row.Max()))];
            double[] normalised = Heads.Normalise(exponentials);
            for (int s = 0; s < seen; s++) weights[t * positions + s] = (float)normalised[s];
        }
        return weights;
    }
}
