namespace LlmFromScratch.Visuals.Widgets;

/// <summary>The states of a text between merges, checked: every step joins one pair of neighbours, at one place or at several.</summary>
internal sealed class MergeSteps
{
    private MergeSteps(byte[][][] states, Step[] steps) => (States, Steps) = (states, steps);

    /// <summary>One merge: the pair, and the indices in the next state of the pieces that it made.</summary>
    public readonly record struct Step(byte[] Left, byte[] Right, int[] At);

    /// <summary>[steps + 1] states, each a list of pieces.</summary>
    public IReadOnlyList<byte[][]> States { get; }

    /// <summary>[steps] what happens between a state and the next.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>Checks the states and finds the merge of each step.</summary>
    /// <exception cref="ArgumentException">The last state is not <paramref name="final"/>, or a step is something else than one merge.</exception>
    public static MergeSteps Create(byte[][][] states, byte[][] final)
    {
        if (states.Length == 0 || !Same(states[^1], final))
        {
            throw new ArgumentException("TokenChipsWidget: the last merge state must be the tokens themselves; got "
                + (states.Length == 0 ? "no state at all." : $"{states[^1].Length} pieces against {final.Length} tokens, or other bytes."), nameof(states));
        }
        byte[][][] copy = Array.ConvertAll(states, state => Array.ConvertAll(state, piece => (byte[])piece.Clone()));
        return new MergeSteps(copy, [.. Enumerable.Range(0, copy.Length - 1).Select(i => FindStep(copy[i], copy[i + 1], i))]);
    }

    private static Step FindStep(byte[][] before, byte[][] after, int index)
    {
        byte[]? left = null, right = null;
        var at = new List<int>();
        int i = 0;
        for (int j = 0; j < after.Length; j++)
        {
            if (i < before.Length && Equal(before[i], after[j]))
            {
                i++;
                continue;
            }
            bool joins = i + 1 < before.Length && Equal([.. before[i], .. before[i + 1]], after[j])
                && (left is null || right is null || (Equal(left, before[i]) && Equal(right, before[i + 1])));
            if (!joins) throw NotOneMerge(index, $"piece {j} is \"{Show(after[j])}\", which is neither the piece before nor the join of the step's one pair");
            (left, right) = (before[i], before[i + 1]);
            at.Add(j);
            i += 2;
        }
        if (i != before.Length) throw NotOneMerge(index, $"{before.Length - i} pieces are missing at the end");
        if (left is null || right is null) throw NotOneMerge(index, "nothing was joined");
        return new Step(left, right, [.. at]);
    }

    private static ArgumentException NotOneMerge(int index, string got) =>
        new($"TokenChipsWidget: from merge state {index} to {index + 1} expected exactly one merge of one pair of neighbours; got: {got}.", "mergeStates");

    private static bool Same(byte[][] a, byte[][] b) => a.Length == b.Length && a.Zip(b).All(pair => Equal(pair.First, pair.Second));

    private static bool Equal(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceEqual(b);

    private static string Show(byte[] piece) => TokenText.Visible(TokenText.Split(piece));
}
