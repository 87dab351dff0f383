using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch07;

/// <summary>Exercise 7.3: a feed-forward network with a gate.</summary>
internal sealed class SwiGluExercise : Exercise<Func<float[], float[], float[], float[], float[]>>
{
    /// <inheritdoc/>
    public override string Id => "7.3";

    /// <inheritdoc/>
    public override string Title => "A gated feed-forward network";

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], float[], float[]> Solution => (x, gate, up, down) => Network(x, gate, up, down, (g, u) => Silu(g) * u);

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], float[], float[]> Stub => (_, _, _, _) => throw new NotImplementedException("exercise 7.3");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], float[], float[], float[], float[]>>> CreateCases() =>
    [
        ByHand("C = 1, F = 1", [1], [1], [2], [1]),
        ByHand("a closed gate", [1], [-20], [2], [1]),
        ByHand("C = 2, F = 3", [1, -1], [1, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6], [1, 0, 0, 0, 1, 1]),
        ByHand("gates far out", [50, -50], [2, 0, 0, 2], [1, 0, 0, 1], [1, 1, 1, -1]),
        Case("C = 8, F = 21", (network, inputs) => Ask(network, inputs, Lab.RandomNormal(8, 73), Lab.RandomNormal(168, 74), Lab.RandomNormal(168, 75), Lab.RandomNormal(168, 76))),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("sigmoid instead of SiLU", "the gate is the sigmoid alone, as in the GLU of 2016. SiLU is g · sigmoid(g).", (g, u) => Sigmoid(g) * u),
        Wrong("SiLU on the other branch", "the activation stands on up · x, or gate and up have changed places. It belongs to the gate: silu(gate · x) times up · x.", (g, u) => g * Silu(u)),
        Wrong("SiLU on both", "both branches go through SiLU. Only the gate does; the other is linear.", (g, u) => Silu(g) * Silu(u)),
        Wrong("SiLU of the product", "the branches are multiplied first and then activated. Activate the gate, then multiply.", (g, u) => Silu(g * u)),
        Wrong("added instead of multiplied", "the branches are added. A gate multiplies: where it is 0, nothing passes.", (g, u) => Silu(g) + u),
        Wrong("ReLU", "the gate is ReLU: it lets nothing negative through. SiLU dips a little below zero before it closes.", (g, u) => Math.Max(0, g) * u),
        Wrong("no activation", "the gate has no activation: two matrices multiplied, but never bent.", (g, u) => g * u),
        Wrong("the up branch left out", "up is missing: what is gated is the gate itself.", (g, _) => Silu(g)),
        Mistake("down read by columns", "down is read as [F, C]. It is [C, F]: row c holds the F weights of output c.",
            (x, gate, up, down) => Down(Hidden(x, gate, up, (g, u) => Silu(g) * u), Turned(down, x.Length), x.Length)),
        Mistake("gate and up read by columns", "gate and up are read as [C, F]. They are [F, C]: row f holds the C weights of hidden value f.",
            (x, gate, up, down) => Network(x, Turned(gate, gate.Length / x.Length), Turned(up, gate.Length / x.Length), down, (g, u) => Silu(g) * u)),
    ];

    private static Mistake Wrong(string name, string diagnosis, Func<double, double, double> combine) =>
        Mistake(name, diagnosis, (x, gate, up, down) => Network(x, gate, up, down, combine));

    private static ExerciseCase<Func<float[], float[], float[], float[], float[]>> ByHand(string name, float[] x, float[] gate, float[] up, float[] down) =>
        Case(name, (network, inputs) => Ask(network, inputs, x, gate, up, down));

    private static Answer Ask(Func<float[], float[], float[], float[], float[]> network, Inputs inputs, float[] x, float[] gate, float[] up, float[] down) =>
        Answer.Of(network(inputs.Copy(x), inputs.Copy(gate), inputs.Copy(up), inputs.Copy(down)));

    private static float[] Network(float[] x, float[] gate, float[] up, float[] down, Func<double, double, double> combine) => Down(Hidden(x, gate, up, combine), down, x.Length);

    private static double[] Hidden(float[] x, float[] gate, float[] up, Func<double, double, double> combine) =>
        [.. gate.Chunk(x.Length).Zip(up.Chunk(x.Length), (g, u) => combine(Dot(g, x), Dot(u, x)))]; // [F]

    private static float[] Down(double[] hidden, float[] down, int size) =>
        [.. Enumerable.Range(0, size).Select(c => (float)hidden.Select((h, f) => h * down[c * hidden.Length + f]).Sum())]; // [C]

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Sigmoid(double x) => 1 / (1 + PortableMath.Exp(-x));

    private static double Silu(double x) => x * Sigmoid(x);

    // [rows, n] taken for [n, rows]
    private static float[] Turned(float[] matrix, int rows)
    {
        int columns = matrix.Length / rows;
        return [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % columns * rows + i / columns])];
    }
}
