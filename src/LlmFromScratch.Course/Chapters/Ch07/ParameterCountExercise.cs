using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch07;

/// <summary>Exercise 7.5: the number of weights of a GPT-2, from its sizes.</summary>
internal sealed class ParameterCountExercise : Exercise<Func<int, int, int, int, long>>
{
    /// <inheritdoc/>
    public override string Id => "7.5";

    /// <inheritdoc/>
    public override string Title => "Counting weights";

    /// <inheritdoc/>
    protected override Func<int, int, int, int, long> Solution => (v, p, c, l) => Count(v, p, c, l);

    /// <inheritdoc/>
    protected override Func<int, int, int, int, long> Stub => (_, _, _, _) => throw new NotImplementedException("exercise 7.5");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int, int, int, int, long>>> CreateCases() =>
    [
        Ask("all sizes 1", 1, 1, 1, 1),
        Ask("no block", 10, 5, 4, 0),
        Ask("a toy", 50, 16, 8, 2),
        Ask("GPT-2, 124M", 50257, 1024, 768, 12),
        Ask("GPT-2 XL", 50257, 1024, 1600, 48),
        Ask("GPT-3", 50257, 2048, 12288, 96),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("the head counted twice", "the head is counted too. GPT-2 ties it: the embedding table, read the other way round.", (v, p, c, l) => Count(v, p, c, l) + (long)v * c),
        Mistake("positions left out", "the table of positions is missing: one row of C numbers for each place in the context.", (v, p, c, l) => Count(v, p, c, l) - (long)p * c),
        Mistake("biases left out", "the biases are missing: 3C, C, 4C and C in every block, and one in each norm.", (v, p, c, l) => Count(v, p, c, l) - l * 9L * c - (2L * l + 1) * c),
        Mistake("biases of the matrices left out", "the matrices' biases are missing: 3C, C, 4C and C in every block.", (v, p, c, l) => Count(v, p, c, l) - l * 9L * c),
        Mistake("norms without a bias", "a LayerNorm has a weight and a bias, 2C numbers. (RMSNorm has the weight only.)", (v, p, c, l) => Count(v, p, c, l) - (2L * l + 1) * c),
        Mistake("norms left out", "the norms are missing: two in every block and one at the end, 2C numbers each.", (v, p, c, l) => Count(v, p, c, l) - (2L * l + 1) * 2 * c),
        Mistake("last norm left out", "the norm after the last block is missing: 2C numbers.", (v, p, c, l) => Count(v, p, c, l) - 2L * c),
        Mistake("2C a block too few", "2C a block are missing: one of its two norms (2C each), or two of the three biases of queries, keys and values.", (v, p, c, l) => Count(v, p, c, l) - 2L * c * l),
        Mistake("C a block too few", "C a block are missing: the bias of attention's output matrix, or of the network's second matrix.", (v, p, c, l) => Count(v, p, c, l) - (long)c * l),
        Mistake("3C a block too few", "3C a block are missing: the biases of queries, keys and values, or a first bias of the network that has 4C numbers and was counted as C.",
            (v, p, c, l) => Count(v, p, c, l) - 3L * c * l),
        Mistake("4C a block too few", "4C a block are missing: the biases of attention (C each for queries, keys, values and the output), or the bias of the network's first matrix.",
            (v, p, c, l) => Count(v, p, c, l) - 4L * c * l),
        Mistake("5C a block too few", "5C a block are missing: the network's biases, 4C in its first matrix and C in its second.", (v, p, c, l) => Count(v, p, c, l) - 5L * c * l),
        Mistake("attention's output left out", "attention has four matrices: queries, keys, values, and the one that brings the heads back together.", (v, p, c, l) => Count(v, p, c, l) - l * ((long)c * c + c)),
        Mistake("the way down left out", "the feed-forward network has two matrices: C to 4C and back.", (v, p, c, l) => Count(v, p, c, l) - l * (4L * c * c + c)),
        Mistake("int arithmetic", "the number is larger than an int can hold, and has gone round the corner. Compute in long.", (v, p, c, l) => unchecked((int)Count(v, p, c, l))),
    ];

    private static long Count(long v, long p, long c, long l) => v * c + p * c + l * (12 * c * c + 9 * c + 4 * c) + 2 * c;

    private static ExerciseCase<Func<int, int, int, int, long>> Ask(string name, int v, int p, int c, int l) =>
        Case(name, (count, _) => Answer.Of(count(v, p, c, l)));
}
