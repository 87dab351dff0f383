using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch05;

/// <summary>Exercise 5.1: a recurrent net reads a text, <c>h_t = tanh(W x_t + U h_{t-1} + b)</c>, and returns the state after every token.</summary>
internal sealed class ReadExercise : Exercise<Func<float[], float[], float[], float[], float[]>>
{
    /// <inheritdoc/>
    public override string Id => "5.1";

    /// <inheritdoc/>
    public override string Title => "A state that reads";

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], float[], float[]> Solution => (x, w, u, b) => Walk(x, w, u, b, Next);

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], float[], float[]> Stub => (_, _, _, _) => throw new NotImplementedException("exercise 5.1");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], float[], float[], float[], float[]>>> CreateCases() =>
    [
        Ask("one token, one number", [1], [0.5f], [2], [0.25f]),
        Ask("a token and then silence", [1, 0, 0], [2], [0.5f], [0]),
        Ask("three tokens, two numbers", [1, 0, 0, 1, 1, 1], [1, 0, 0, 1], [0, 1, -1, 0.5f], [0.1f, -0.2f]),
        Ask("inputs wider than the state", [1, 2, 3, -1, 0, 1], [0.5f, -0.25f, 0, 0, 0.25f, 0.5f], [0.5f, 1, 0, -0.5f], [0, 0.5f]),
        Ask("a state wider than the inputs", [1, -2], [1, 2, 3], [0, 1, 0, 0, 0, 1, 1, 0, 0], [0.5f, 0, -0.5f]),
        Ask("sums far out", [20, -20], [3], [1], [0]),
        Ask("forty tokens", Lab.RandomNormal(40 * 3, 51), Lab.RandomNormal(5 * 3, 52), Lab.Scale(Lab.RandomNormal(25, 53), 0.4f), Lab.RandomNormal(5, 54)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("state not carried on", "every token is read as if it were the first: the state before it is always zero. Keep the last state and feed it in.",
            (x, w, u, b) => Walk(x, w, u, b, (input, _, sum) => Same(Squash(sum(input, new double[b.Length]))))),
        Mistake("no tanh", "nothing bends: the state is the bare sum. Without tanh all steps together are one matrix, and the numbers run away.",
            (x, w, u, b) => Walk(x, w, u, b, (input, state, sum) => Same(sum(input, state)))),
        Mistake("sigmoid instead of tanh", "the sum goes through a sigmoid, so a state can never be negative. The cell uses tanh.",
            (x, w, u, b) => Walk(x, w, u, b, (input, state, sum) => Same([.. sum(input, state).Select(v => 1 / (1 + PortableMath.Exp(-v)))]))),
        Mistake("bias left out", "the bias is missing from the sum.",
            (x, w, u, b) => Walk(x, w, u, new float[b.Length], Next)),
        Mistake("bias after tanh", "the bias is added after tanh. It belongs into the sum, before it bends.",
            (x, w, u, b) => Walk(x, w, u, b, (input, state, sum) => Same([.. Squash([.. sum(input, state).Zip(b, (s, c) => s - c)]).Zip(b, (h, c) => h + c)]))),
        Mistake("U read by columns", "U is read by columns. Row i of U, its numbers i·C to i·C + C - 1, makes number i of the new state.",
            (x, w, u, b) => Walk(x, w, Turned(u, b.Length), b, Next)),
        Mistake("W read by columns", "W is read by columns. It is [C, D]: row i has D weights and makes number i of the new state.",
            (x, w, u, b) => Walk(x, Turned(w, b.Length), u, b, Next)),
        Mistake("new numbers used too early", "the state is overwritten while it is still being read: its second number is made from the new first one. Compute the whole new state from the whole old one.",
            (x, w, u, b) => Walk(x, w, u, b, (input, state, sum) =>
            {
                double[] moving = [.. state];
                for (int i = 0; i < moving.Length; i++) moving[i] = PortableMath.Tanh(sum(input, moving)[i]);
                return Same(moving);
            })),
        Mistake("the bare sum is carried on", "what is fed back is the sum before tanh. The state is what comes out of tanh; that goes into the next step.",
            (x, w, u, b) => Walk(x, w, u, b, (input, state, sum) => { double[] bare = sum(input, state); return (bare, Squash(bare)); })),
        Mistake("added to the old state", "the new state is added to the old one. It takes its place.",
            (x, w, u, b) => Walk(x, w, u, b, (input, state, sum) => Same([.. Squash(sum(input, state)).Zip(state, (h, s) => h + s)]))),
        Mistake("the last state only", "only the state after the last token is returned. Return the states after all tokens, [T, C].",
            (x, w, u, b) => Walk(x, w, u, b, Next)[^b.Length..]),
    ];

    private static ExerciseCase<Func<float[], float[], float[], float[], float[]>> Ask(string name, float[] x, float[] w, float[] u, float[] b) =>
        Case(name, (read, inputs) => Answer.Of(read(inputs.Copy(x), inputs.Copy(w), inputs.Copy(u), inputs.Copy(b)), i => $"number {i % b.Length} of the state after token {i / b.Length}"));

    private static float[] Walk(float[] x, float[] w, float[] u, float[] b, Func<double[], double[], Func<double[], double[], double[]>, (double[] Carried, double[] Shown)> next)
    {
        double Row(float[] matrix, int i, double[] v) => v.Select((value, j) => matrix[i * v.Length + j] * value).Sum();
        double[] Sum(double[] input, double[] state) => [.. b.Select((bias, i) => Row(w, i, input) + Row(u, i, state) + bias)]; // W x + U h + b
        double[] state = new double[b.Length];
        List<float> all = [];
        foreach (float[] token in x.Chunk(w.Length / b.Length))
        {
            (state, double[] shown) = next([.. token.Select(v => (double)v)], state, Sum);
            all.AddRange(shown.Select(v => (float)v));
        }
        return [.. all];
    }

    private static (double[] Carried, double[] Shown) Next(double[] input, double[] state, Func<double[], double[], double[]> sum) => Same(Squash(sum(input, state)));

    private static (double[] Carried, double[] Shown) Same(double[] state) => (state, state);

    private static double[] Squash(double[] sum) => [.. sum.Select(PortableMath.Tanh)];

    // [rows, n] read as [n, rows]
    private static float[] Turned(float[] matrix, int rows) => [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % (matrix.Length / rows) * rows + i / (matrix.Length / rows)])];
}
