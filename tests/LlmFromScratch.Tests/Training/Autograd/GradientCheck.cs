using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Compares gradients with central differences of <c>f = Σ y · dy</c>, summed in double, for a random dy.</summary>
internal static class GradientCheck
{
    private const float Step = 1f / 64; // a power of two: x ± step loses no bits; its square, 2e-4, bounds the error of the difference
    private const double Tolerance = 2e-3; // of the largest gradient: the third derivative times the step's square, and float32 outputs

    public static Variable Random(string name, Shape shape, ulong seed, double deviation = 1)
    {
        SeededRandom random = new(seed);
        Variable variable = new(name, shape);
        foreach (ref float value in variable.Data) value = (float)(deviation * random.NextGaussian());
        return variable;
    }

    public static void Run(Func<Tape, Variable> build, params Variable[] leaves)
    {
        using Tape tape = new(2);
        Variable output = build(tape);
        SeededRandom random = new(99);
        float[] outputGrad = new float[output.Shape.Count];
        foreach (ref float value in outputGrad.AsSpan()) value = (float)random.NextGaussian();
        tape.Backward(output, outputGrad);
        foreach (Variable leaf in leaves)
        {
            double[] expected = new double[leaf.Shape.Count];
            for (int i = 0; i < expected.Length; i++)
            {
                float kept = leaf.Data[i];
                leaf.Data[i] = kept + Step;
                double above = Weighted(tape, build, outputGrad);
                leaf.Data[i] = kept - Step;
                double below = Weighted(tape, build, outputGrad);
                leaf.Data[i] = kept;
                expected[i] = (above - below) / (2 * Step);
            }
            double largest = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - leaf.Gradient[i]) <= Tolerance * largest + 1e-6,
                    $"{leaf.Name}[{i}]: central difference {expected[i]:g5}, gradient {leaf.Gradient[i]:g5}; the largest is {largest:g3}.");
        }
    }

    private static double Weighted(Tape tape, Func<Tape, Variable> build, float[] outputGrad)
    {
        Variable output = build(tape);
        double sum = 0;
        for (int i = 0; i < outputGrad.Length; i++) sum += (double)output.Data[i] * outputGrad[i];
        tape.Reset();
        return sum;
    }
}
