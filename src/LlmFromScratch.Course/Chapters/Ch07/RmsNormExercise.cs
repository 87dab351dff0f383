using LlmFromScratch.Course.Checking;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Course.Chapters.Ch07;

/// <summary>Exercise 7.1: one row of RMSNorm, which then runs in every norm of the embedded model.</summary>
internal sealed class RmsNormExercise : Exercise<ReferenceBackend>
{
    /// <inheritdoc/>
    public override string Id => "7.1";

    /// <inheritdoc/>
    public override string Title => "One row of RMSNorm";

    /// <inheritdoc/>
    protected override ReferenceBackend Solution => new();

    /// <inheritdoc/>
    protected override ReferenceBackend Stub => new Mutant((_, _, _) => throw new NotImplementedException("exercise 7.1"));

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<ReferenceBackend>> CreateCases() =>
    [
        Row("3 and 4", [3, 4], [1, 1]),
        Row("with a weight", [3, 4], [2, 0.5f]),
        Row("a mean that is not zero", [10, 11, 12, 13], [1, 1, 1, 1]),
        Row("negative numbers", [-1, -2, -3], [1, 2, 3]),
        Row("one number", [-7], [1.5f]),
        Row("a row of zeros", [0, 0, 0], [1, 1, 1]),
        Row("numbers near √ε", [0.001f, -0.002f, 0.003f], [1, 1, 1]),
        Case("128 numbers, two rows", (backend, inputs) => Run(backend, inputs, Lab.RandomNormal(256, 71), Lab.RandomNormal(128, 72))),
        Case("in place", (backend, inputs) => Run(backend, inputs, [3, 4], [2, 0.5f], isInPlace: true)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("mean subtracted",
            "the mean is taken off first: that is LayerNorm. RMSNorm leaves the mean in and only divides by the size of the row.",
            (x, w, e) => { double mean = x.Average(); return Divide([.. x.Select(v => v - mean)], w, Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + e)); }),
        Wrong("sum instead of mean",
            "the squares are summed and not averaged, so a longer row comes out smaller. Divide their sum by the number of values.",
            (x, w, e) => Divide(x, w, Math.Sqrt(x.Sum(v => v * v) + e))),
        Wrong("root forgotten",
            "the row is divided by its mean square. Take the root: after the norm the mean square must be 1.",
            (x, w, e) => Divide(x, w, x.Average(v => v * v) + e)),
        Wrong("epsilon outside of the root",
            "ε is added to the root instead of to what stands under it. It is the same for large rows and another number for small ones.",
            (x, w, e) => Divide(x, w, Math.Sqrt(x.Average(v => v * v)) + e)),
        Wrong("epsilon left out",
            "ε is missing: a row of zeros gives 0 / 0, which is not a number. Add it under the root.",
            (x, w, _) => Divide(x, w, Math.Sqrt(x.Average(v => v * v)))),
        Wrong("weight left out",
            "the weight is missing: each number has one of its own, found in training, that it is multiplied by after the norm.",
            (x, w, e) => Divide(x, Ones(w), Math.Sqrt(x.Average(v => v * v) + e))),
        Wrong("weight before the norm",
            "the weight is multiplied in before the size is measured, so it changes the size too. Measure the bare row, divide, then multiply.",
            (x, w, e) => { double[] weighted = [.. x.Zip(w, (v, g) => v * g)]; return Divide(weighted, Ones(w), Math.Sqrt(weighted.Average(v => v * v) + e)); }),
        Wrong("weight added", "the weight is added. It is multiplied by: a norm without a bias can only stretch.",
            (x, w, e) => [.. x.Zip(w, (v, g) => v / Math.Sqrt(x.Average(u => u * u) + e) + g)]),
        Wrong("mean of sizes", "the mean of the absolute values stands where the root of the mean square should.",
            (x, w, e) => Divide(x, w, x.Average(v => Math.Sqrt(v * v + e)))),
        Wrong("one fewer", "the squares are divided by the number of values less one, as for a sample's variance. Divide by the number of values.",
            (x, w, e) => Divide(x, w, Math.Sqrt(x.Sum(v => v * v) / (x.Length - 1) + e))),
        Mistake("added to what was there", "the result is added to what output held before. It may hold anything: write with = and not with +=.",
            new Mutant((x, w, e) => Divide(x, w, Math.Sqrt(x.Average(v => v * v) + e)), adds: true)),
    ];

    private static Mistake Wrong(string name, string diagnosis, Func<double[], double[], double, double[]> row) => Mistake(name, diagnosis, new Mutant(row));

    private static double[] Divide(double[] x, double[] weight, double size) => [.. x.Zip(weight, (v, w) => v / size * w)];

    private static double[] Ones(double[] weight) => Array.ConvertAll(weight, _ => 1.0);

    private static ExerciseCase<ReferenceBackend> Row(string name, float[] x, float[] weight) => Case(name, (backend, inputs) => Run(backend, inputs, x, weight));

    // The output holds 7 before, so that a norm which adds to it is seen.
    private static Answer Run(ReferenceBackend backend, Inputs inputs, float[] x, float[] weight, bool isInPlace = false)
    {
        inputs.ShowCall(x.Length == weight.Length ? "NormRow" : "RmsNorm", (x.Length == weight.Length ? "x" : $"x [{x.Length / weight.Length}, {weight.Length}]", x), ("weight", weight), ("epsilon", 1e-5f));
        using Tensor rows = Tensor.FromFloats(x, x.Length / weight.Length, weight.Length), other = Tensor.Zeros(rows.Shape), scale = Tensor.FromFloats(weight, weight.Length);
        other.Floats.Fill(7);
        Tensor output = isInPlace ? rows : other;
        backend.RmsNorm(rows, scale, 1e-5f, output);
        return Answer.Of(output.Floats.ToArray(), i => $"output[{i % weight.Length}] of row {i / weight.Length}");
    }

    /// <summary>A backend whose norm of a row is another.</summary>
    private sealed class Mutant(Func<double[], double[], double, double[]> row, bool adds = false) : ReferenceBackend
    {
        protected override void NormRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
        {
            double[] result = row(Doubles(x), Doubles(weight), epsilon);
            for (int i = 0; i < output.Length; i++) output[i] = (float)(result[i] + (adds ? output[i] : 0));
        }

        private static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
    }
}
