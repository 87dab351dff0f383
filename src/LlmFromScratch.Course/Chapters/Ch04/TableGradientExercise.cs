using LlmFromScratch.Course.Checking;
using Gradient = System.Func<int[], float[], int, int, float[]>; // ids [N], the gradient of the rows that were looked up [N, C], V, C: the table's gradient [V, C]

namespace LlmFromScratch.Course.Chapters.Ch04;

/// <summary>Exercise 4.1: the gradient of a lookup: every row that was read gets what its readers say, added up.</summary>
internal sealed class TableGradientExercise : Exercise<Gradient>
{
    /// <inheritdoc/>
    public override string Id => "4.1";

    /// <inheritdoc/>
    public override string Title => "The gradient of a lookup";

    /// <inheritdoc/>
    protected override Gradient Solution => (ids, gradient, v, c) => Scatter(ids, gradient, v, c, (sum, g) => sum + g);

    /// <inheritdoc/>
    protected override Gradient Stub => (_, _, _, _) => throw new NotImplementedException("exercise 4.1");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Gradient>> CreateCases() =>
    [
        Ask("one id", [1], [5, -2], 3, 2),
        Ask("two ids", [2, 0], [1, 2, 3, 4], 3, 2),
        Ask("an id twice", [1, 1], [1, 2, 10, 20], 2, 2),
        Ask("an id three times, others between", [3, 0, 3, 1, 3], [1, 2, 3, 4, 5], 4, 1),
        Ask("more ids than rows", [0, 1, 0, 1, 0], [1, 1, 2, 2, 4, 4, 8, 8, 16, 16], 2, 2),
        Ask("two that cancel", [2, 2], [3, -1, -3, 1], 4, 2),
        Ask("no ids", [], [], 2, 3),
        Ask("sixty ids over seven rows", [.. Enumerable.Range(0, 60).Select(i => i * i % 7)], Lab.RandomNormal(60 * 5, 41), 7, 5),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("the last one wins", "a row that was read twice keeps the last gradient only: it is written over. Add: each reader of the row pulls at it.",
            (ids, gradient, v, c) => Scatter(ids, gradient, v, c, (_, g) => g)),
        Mistake("the first one wins", "a row that was read twice keeps the first gradient only. Add the later ones to it.", FirstWins),
        Mistake("the mean of the readers", "the gradients of a row's readers are averaged. They are added: a word that stands in the text twice is pulled twice.", Mean),
        Mistake("row n instead of row ids[n]", "the gradients stay in the order of the text. Number n belongs to the row of the table that was read: row ids[n].",
            (ids, gradient, v, c) => Scatter([.. Enumerable.Range(0, ids.Length)], gradient, v, c, (sum, g) => sum + g)),
        Mistake("looked up again", "the gradient was read at place ids[n] and not written there. A lookup gathers; its gradient scatters.",
            (ids, gradient, v, c) => [.. Enumerable.Range(0, v * c).Select(i => i / c < ids.Length ? gradient[ids[i / c] * c + i % c] : 0)]),
        Mistake("the step instead of the gradient", "the sign is turned round, as if the table were moved already. Return the gradient itself; the optimizer takes the step against it.",
            (ids, gradient, v, c) => Scatter(ids, gradient, v, c, (sum, g) => sum - g)),
        Mistake("table by columns", "the result is laid out as [C, V]. Row after row, number c of row id stands at id * C + c.",
            (ids, gradient, v, c) => Turned(Scatter(ids, gradient, v, c, (sum, g) => sum + g), c)),
        Mistake("row offset forgotten", "the rows overlap: number i of row id is written at id + i. A row is C numbers long, so it stands at id * C + i.",
            (ids, gradient, v, c) => ScatterAt(ids, gradient, v, c, stride: 1)),
        Mistake("V instead of C", "the place of a row is counted in V and not in C. Row id begins at id * C: a row is C numbers long.",
            (ids, gradient, v, c) => ScatterAt(ids, gradient, v, c, stride: v)),
        Mistake("readers counted", "the rows hold how often they were read. They hold the sum of what came back: the gradients.",
            (ids, gradient, v, c) => Scatter(ids, gradient, v, c, (sum, _) => sum + 1)),
    ];

    private static ExerciseCase<Gradient> Ask(string name, int[] ids, float[] gradient, int v, int c) =>
        Case(name, (scatter, inputs) => Answer.Of(scatter(inputs.Copy(ids), inputs.Copy(gradient), v, c), i => $"number {i % c} of row {i / c}"));

    private static float[] Scatter(int[] ids, float[] gradient, int v, int c, Func<float, float, float> combine)
    {
        float[] table = new float[v * c]; // [V, C]
        for (int n = 0; n < ids.Length; n++)
            for (int i = 0; i < c; i++) table[ids[n] * c + i] = combine(table[ids[n] * c + i], gradient[n * c + i]);
        return table;
    }

    private static float[] ScatterAt(int[] ids, float[] gradient, int v, int c, int stride)
    {
        float[] table = new float[v * c];
        for (int n = 0; n < ids.Length; n++)
            for (int i = 0; i < c; i++) table[ids[n] * stride + i] += gradient[n * c + i];
        return table;
    }

    private static float[] FirstWins(int[] ids, float[] gradient, int v, int c)
    {
        int[] order = [.. Enumerable.Range(0, ids.Length).Reverse()];
        return Scatter([.. order.Select(n => ids[n])], [.. order.SelectMany(n => gradient[(n * c)..((n + 1) * c)])], v, c, (_, g) => g);
    }

    private static float[] Mean(int[] ids, float[] gradient, int v, int c)
    {
        float[] sum = Scatter(ids, gradient, v, c, (s, g) => s + g);
        return [.. sum.Select((s, i) => s / Math.Max(1, ids.Count(id => id == i / c)))];
    }

    // [V, C] -> [C, V]
    private static float[] Turned(float[] table, int c)
    {
        int v = table.Length / c;
        return [.. Enumerable.Range(0, table.Length).Select(i => table[i % v * c + i / v])];
    }
}
