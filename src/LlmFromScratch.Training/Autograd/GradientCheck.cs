using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Whether gradients are right: the derivative of <c>f = Σ y · dy</c> for a random dy, by the chain rule and by central differences
/// <c>(f(x + h) - f(x - h)) / 2h</c> in double, and the float tape's against both.
/// </summary>
public static class GradientCheck
{
    private const double Step = 1e-4; // the error of the difference is h²/6 · f''': about 1e-9

    /// <summary>Compares <see cref="ReferenceTape"/>'s gradients with central differences: two forward passes for every value of every leaf.</summary>
    /// <param name="build">The function: reads the leaves, returns a result. Must compute the same each time: seed what is random inside.</param>
    /// <param name="leaves">Leaves with values; they are put back.</param>
    /// <returns>The worst place; right gradients differ by less than 1e-7 unless the function has a kink at these values.</returns>
    public static GradientDifference AgainstDifferences(Func<ITape, Variable> build, params ReadOnlySpan<Variable> leaves)
    {
        ReferenceTape tape = new();
        Variable output = build(tape);
        float[] outputGradient = RandomGradient((int)output.Shape.Count);
        tape.Backward(output, outputGradient);
        GradientDifference worst = default;
        foreach (Variable leaf in leaves)
        {
            double[] values = tape.Values(leaf).ToArray(), gradient = tape.Gradient(leaf).ToArray(), expected = new double[values.Length];
            for (int i = 0; i < values.Length; i++)
                expected[i] = (Weighted(build, leaf, i, values[i] + Step, outputGradient) - Weighted(build, leaf, i, values[i] - Step, outputGradient)) / (2 * Step);
            worst = worst.OrWorse(leaf.Name, expected, gradient);
        }
        return worst;
    }

    /// <summary>Compares the output and the gradients of <see cref="Tape"/> with those of <see cref="ReferenceTape"/>.</summary>
    /// <param name="build">The function, as above.</param>
    /// <param name="leaves">Leaves with values; their gradients are overwritten.</param>
    /// <returns>The worst place; float32 differs by about 1e-6.</returns>
    public static GradientDifference AgainstReference(Func<ITape, Variable> build, params ReadOnlySpan<Variable> leaves)
    {
        ReferenceTape reference = new();
        using Tape tape = new(2);
        Variable expected = build(reference), actual = build(tape);
        GradientDifference worst = default(GradientDifference).OrWorse("the output", reference.Values(expected), Widen(actual.Data));
        float[] outputGradient = RandomGradient((int)expected.Shape.Count);
        foreach (Variable leaf in leaves) leaf.ZeroGradient();
        reference.Backward(expected, outputGradient);
        tape.Backward(actual, outputGradient);
        foreach (Variable leaf in leaves) worst = worst.OrWorse(leaf.Name, reference.Gradient(leaf), Widen(leaf.Gradient));
        return worst;
    }

    private static double Weighted(Func<ITape, Variable> build, Variable leaf, int index, double value, float[] outputGradient)
    {
        ReferenceTape tape = new();
        double[] values = tape.Values(leaf).ToArray();
        float kept = leaf.Data[index];
        values[index] = value;
        tape.Fill(leaf, values);
        ReadOnlySpan<double> output = tape.Values(build(tape));
        leaf.Data[index] = kept;
        double sum = 0;
        for (int i = 0; i < output.Length; i++) sum += output[i] * outputGradient[i];
        return sum;
    }

    private static float[] RandomGradient(int count)
    {
        SeededRandom random = new(99);
        float[] gradient = new float[count];
        foreach (ref float value in gradient.AsSpan()) value = (float)random.NextGaussian();
        return gradient;
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }
}
