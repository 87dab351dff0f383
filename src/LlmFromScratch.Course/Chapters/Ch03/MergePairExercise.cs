using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>Exercise 3.2: one merge, applied to a sequence.</summary>
internal sealed class MergePairExercise : Exercise<Func<int[], int, int, int, int[]>>
{
    /// <inheritdoc/>
    public override string Id => "3.2";

    /// <inheritdoc/>
    public override string Title => "Merge one pair";

    /// <inheritdoc/>
    protected override Func<int[], int, int, int, int[]> Solution => Merge;

    /// <inheritdoc/>
    protected override Func<int[], int, int, int, int[]> Stub => (_, _, _, _) => throw new NotImplementedException("exercise 3.2");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int[], int, int, int, int[]>>> CreateCases() =>
    [
        Ids("5 1 2 5, the pair 1 2", 1, 2, 5, 1, 2, 5),
        Ids("the pair twice: 1 2 3 1 2", 1, 2, 1, 2, 3, 1, 2),
        Ids("the pair twice in a row: 1 2 1 2 4", 1, 2, 1, 2, 1, 2, 4),
        Ids("turned round: 2 1 3", 1, 2, 2, 1, 3),
        Ids("a left id without its partner at the end: 1 2 1", 1, 2, 1, 2, 1),
        Ids("three alike: 7 7 7", 7, 7, 7, 7, 7),
        Ids("four alike: 7 7 7 7", 7, 7, 7, 7, 7, 7),
        Ids("five alike between others", 7, 7, 3, 7, 7, 7, 7, 7, 3),
        Ids("the left id twice before the right: 1 1 2", 1, 2, 1, 1, 2),
        Ids("other ids with the same digits: 11 2 1 23", 1, 2, 11, 2, 1, 23),
        Ids("a single id", 1, 2, 1),
        Ids("nothing at all", 1, 2),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("an id used twice",
            "in a row of three alike the middle one is used by two merges, and the text grows. A merge uses up both of its ids: go on behind them.",
            (ids, left, right, id) =>
            {
                List<int> result = [];
                bool used = false; // this id was the right half of a merge
                for (int i = 0; i < ids.Length; i++)
                {
                    bool merges = IsPair(ids, i, left, right);
                    if (merges) result.Add(id);
                    else if (!used) result.Add(ids[i]);
                    used = merges;
                }
                return [.. result];
            }),
        Mistake("digits in place of ids",
            "the pair 1 2 is found inside of 11 2: the ids were joined to a text, and its digits were compared. Compare the ids themselves.",
            (ids, left, right, id) => [.. string.Join(' ', ids).Replace($"{left} {right}", $"{id}").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]),
        Mistake("only the first",
            "only the first occurrence is merged. A merge is applied everywhere in the sequence.",
            (ids, left, right, id) => Enumerable.Range(0, ids.Length).Where(i => IsPair(ids, i, left, right)).Take(1).ToArray() is [int at]
                ? [.. ids[..at], id, .. ids[(at + 2)..]] : (int[])ids.Clone()),
        Mistake("from the right",
            "the sequence is merged from right to left, so three alike give 7 [77] instead of [77] 7. Training and encoding go from the left; "
            + "both must do the same.",
            (ids, left, right, id) => [.. Merge([.. ids.Reverse()], right, left, id).Reverse()]),
        Mistake("right id left behind",
            "the new id is written, and the right half of the pair is still there. The pair becomes one id: jump over two.",
            (ids, left, right, id) => [.. ids.Select((value, i) => IsPair(ids, i, left, right) ? id : value)]),
        Mistake("either order",
            "right before left is merged as well. 2 1 is another pair than 1 2.",
            (ids, left, right, id) =>
            {
                List<int> result = [];
                for (int i = 0; i < ids.Length; i++)
                {
                    bool merges = IsPair(ids, i, left, right) || IsPair(ids, i, right, left);
                    result.Add(merges ? id : ids[i]);
                    if (merges) i++;
                }
                return [.. result];
            }),
        Mistake("last id lost",
            "the last id is gone unless it is part of a merge: the loop ends one too early. The last id has no partner, but it stays.",
            (ids, left, right, id) => ids.Length == 0 ? []
                : IsLastMerged(ids, left, right) ? Merge(ids, left, right, id) : Merge(ids, left, right, id)[..^1]),
        Mistake("past the end",
            "the loop looks at the neighbour of the last id, and there is none. Test that i + 1 is inside before you read it.",
            (ids, left, right, id) =>
            {
                List<int> result = [];
                for (int i = 0; i < ids.Length; i++)
                {
                    bool merges = ids[i] == left && ids[i + 1] == right;
                    result.Add(merges ? id : ids[i]);
                    if (merges) i++;
                }
                return [.. result];
            }),
    ];

    /// <summary>The sequence in which each <c>left right</c>, from the left and without overlap, has become <paramref name="id"/>.</summary>
    internal static int[] Merge(int[] ids, int left, int right, int id)
    {
        List<int> result = [];
        for (int i = 0; i < ids.Length; i++)
        {
            bool merges = IsPair(ids, i, left, right);
            result.Add(merges ? id : ids[i]);
            if (merges) i++; // the right half is used up
        }
        return [.. result];
    }

    private static bool IsPair(int[] ids, int i, int left, int right) => i + 1 < ids.Length && ids[i] == left && ids[i + 1] == right;

    private static bool IsLastMerged(int[] ids, int left, int right) => Merge(ids, left, right, -1) is [.., -1];

    private static ExerciseCase<Func<int[], int, int, int, int[]>> Ids(string name, int left, int right, params int[] ids) =>
        Case(name, (merge, inputs) => Answer.Of(merge(inputs.Copy(ids), left, right, 300)));
}
