using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using LstmStep = System.Func<float[], float[], float[], float[], float[], float[], (float[] H, float[] C)>; // x, h, c, W, U, b

namespace LlmFromScratch.Course.Chapters.Ch05;

/// <summary>Exercise 5.3: one step of an LSTM whose gates i, f, g, o are stacked in W [4C, D], U [4C, C] and b [4C].</summary>
internal sealed class LstmStepExercise : Exercise<LstmStep>
{
    /// <inheritdoc/>
    public override string Id => "5.3";

    /// <inheritdoc/>
    public override string Title => "One step of an LSTM";

    /// <inheritdoc/>
    protected override LstmStep Solution => Of((i, f, g, o, c, _) => Shown(S(f) * c + S(i) * T(g), o));

    /// <inheritdoc/>
    protected override LstmStep Stub => (_, _, _, _, _, _) => throw new NotImplementedException("exercise 5.3");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<LstmStep>> CreateCases() =>
    [
        Ask("all sums zero", [1], [0.5f], [0.8f], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]),
        Ask("four gates that differ", [1], [0.5f], [0.8f], [1, -1, 2, 0.5f], [0.5f, 1, -1, 2], [0, 0.25f, 0.5f, -0.25f]),
        Ask("everything kept, nothing let in", [1], [0.5f], [0.8f], [0, 0, 1, 0], [0, 0, 0, 0], [-30, 30, 0, 30]),
        Ask("everything forgotten, all let in", [1], [0.5f], [0.8f], [0, 0, 1, 0], [0, 0, 0, 0], [30, -30, 0, 30]),
        Ask("a large cell, a closed door", [1], [0.5f], [5], [0, 0, 1, 0], [0, 0, 0, 0], [30, 30, 0, -30]),
        Random("two numbers, inputs of three", inputSize: 3, size: 2),
        Random("sixteen numbers", inputSize: 8, size: 16),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("candidate and output gate exchanged", "the third and the fourth part have changed places. The order is input, forget, candidate, output (i, f, g, o).",
            (i, f, g, o, c, _) => Shown(S(f) * c + S(i) * T(o), g)),
        Wrong("input and forget gate exchanged", "the forget gate lets in and the input gate keeps. f multiplies the old cell, i the candidate.", (i, f, g, o, c, _) => Shown(S(i) * c + S(f) * T(g), o)),
        Wrong("sigmoid on the candidate", "the candidate goes through a sigmoid, so the cell can only grow. Gates are sigmoids; the candidate is a tanh.", (i, f, g, o, c, _) => Shown(S(f) * c + S(i) * S(g), o)),
        Wrong("tanh left out at the end", "h is the output gate times the bare cell. It is o times tanh of the cell: the cell may be large, the state may not.",
            (i, f, g, o, c, _) => (S(o) * (S(f) * c + S(i) * T(g)), S(f) * c + S(i) * T(g))),
        Wrong("old cell not kept", "the new cell has nothing of the old one. It is f times the old cell, plus i times the candidate.", (i, _, g, o, _, _) => Shown(S(i) * T(g), o)),
        Wrong("forget gate turned", "the forget gate is turned: 1 - f of the old cell is kept. In spite of its name f says how much stays.", (i, f, g, o, c, _) => Shown((1 - S(f)) * c + S(i) * T(g), o)),
        Wrong("input gate tied to the forget gate", "what is let in is 1 - f. That is the GRU's way; an LSTM has an input gate of its own.", (_, f, g, o, c, _) => Shown(S(f) * c + (1 - S(f)) * T(g), o)),
        Wrong("state from the old cell", "h shows the cell from before the step. It is made from the new one.", (i, f, g, o, c, _) => (S(o) * T(c), S(f) * c + S(i) * T(g))),
        Wrong("h in the place of c", "the forget gate multiplies h. What it keeps is the cell, c.", (i, f, g, o, _, h) => Shown(S(f) * h + S(i) * T(g), o)),
        Wrong("the cell is squashed", "the cell itself goes through tanh in every step, and is worn away by it. Only the copy that h shows is squashed.",
            (i, f, g, o, c, _) => { double cell = T(S(f) * c + S(i) * T(g)); return (S(o) * cell, cell); }),
        Wrong("output gate left out", "the output gate is missing: h is tanh of the whole cell.", (i, f, g, _, c, _) => { double cell = S(f) * c + S(i) * T(g); return (T(cell), cell); }),
        Wrong("state and cell exchanged", "the two results have changed places: the state comes first, then the cell.",
            (i, f, g, o, c, _) => { double cell = S(f) * c + S(i) * T(g); return (cell, S(o) * T(cell)); }),
        Mistake("gates interleaved", "the gates are read as if they stood in turns, i f g o for each number. They are stacked: the first C rows are the input gate, the next C the forget gate.",
            (x, h, c, w, u, b) => Step(x, h, c, w, u, b, (gate, n, _) => 4 * n + gate, (i, f, g, o, cell, _) => Shown(S(f) * cell + S(i) * T(g), o))),
        Mistake("state left out", "the gates see the token only. They also see the last state: U h.",
            (x, h, c, w, u, b) => Step(x, h, c, w, new float[u.Length], b, Stacked, (i, f, g, o, cell, _) => Shown(S(f) * cell + S(i) * T(g), o))),
    ];

    private static Mistake Wrong(string name, string diagnosis, Func<double, double, double, double, double, double, (double H, double C)> cell) => Mistake(name, diagnosis, Of(cell));

    private static LstmStep Of(Func<double, double, double, double, double, double, (double H, double C)> cell) => (x, h, c, w, u, b) => Step(x, h, c, w, u, b, Stacked, cell);

    private static ExerciseCase<LstmStep> Random(string name, int inputSize, int size) => Ask(name, Lab.RandomNormal(inputSize, 58), Lab.RandomNormal(size, 59), Lab.RandomNormal(size, 60),
        Lab.Scale(Lab.RandomNormal(4 * size * inputSize, 61), 0.5f), Lab.Scale(Lab.RandomNormal(4 * size * size, 62), 0.5f), Lab.RandomNormal(4 * size, 63));

    private static ExerciseCase<LstmStep> Ask(string name, float[] x, float[] h, float[] c, float[] w, float[] u, float[] b) => Case(name, (step, inputs) =>
    {
        (float[] state, float[] cell) = step(inputs.Copy(x), inputs.Copy(h), inputs.Copy(c), inputs.Copy(w), inputs.Copy(u), inputs.Copy(b));
        return Answer.Of(state is null || cell is null ? (float[]?)null : [.. cell, .. state], i => i < cell!.Length ? $"C[{i}]" : $"H[{i - cell.Length}]"); // not null: there are numbers to name
    });

    private static (float[] H, float[] C) Step(float[] x, float[] h, float[] c, float[] w, float[] u, float[] b, Func<int, int, int, int> row,
        Func<double, double, double, double, double, double, (double H, double C)> cell)
    {
        double Sum(int r) => x.Select((v, j) => (double)w[r * x.Length + j] * v).Sum() + h.Select((v, j) => (double)u[r * h.Length + j] * v).Sum() + b[r];
        (double H, double C)[] numbers = [.. c.Select((old, n) =>
            cell(Sum(row(0, n, c.Length)), Sum(row(1, n, c.Length)), Sum(row(2, n, c.Length)), Sum(row(3, n, c.Length)), old, h[n]))];
        return ([.. numbers.Select(n => (float)n.H)], [.. numbers.Select(n => (float)n.C)]);
    }

    private static int Stacked(int gate, int number, int size) => gate * size + number;

    private static (double H, double C) Shown(double cell, double output) => (S(output) * T(cell), cell);

    private static double S(double x) => 1 / (1 + PortableMath.Exp(-x));

    private static double T(double x) => PortableMath.Tanh(x);
}
