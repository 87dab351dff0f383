using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Asserts that gradients are right.</summary>
internal static class Gradients
{
    private const double DifferenceTolerance = 1e-6; // central differences in double with a step of 1e-4
    private const double FloatTolerance = 1e-5;      // float32 against double

    public static Variable Random(string name, Shape shape, ulong seed, double deviation = 1)
    {
        SeededRandom random = new(seed);
        Variable variable = new(name, shape);
        foreach (ref float value in variable.Data) value = (float)(deviation * random.NextGaussian());
        return variable;
    }

    /// <summary>The double tape against central differences, and the float tape against the double tape.</summary>
    public static void Check(Func<ITape, Variable> build, params Variable[] leaves)
    {
        GradientDifference worst = GradientCheck.AgainstDifferences(build, leaves);
        Assert.True(worst.Relative < DifferenceTolerance, $"double against differences: {worst}");
        CheckFast(build, leaves);
    }

    /// <summary>Only the second, where there are many values.</summary>
    public static void CheckFast(Func<ITape, Variable> build, params Variable[] leaves)
    {
        GradientDifference worst = GradientCheck.AgainstReference(build, leaves);
        Assert.True(worst.Relative < FloatTolerance, $"float against double: {worst}");
    }
}
