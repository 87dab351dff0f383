using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Shape checks at the door of each operation.</summary>
internal static class Require
{
    public static void Matrix(string operation, string what, Variable variable)
    {
        if (variable.Shape.Rank != 2) throw new ArgumentException($"{operation}: {what} {variable.Name} is {variable.Shape}; expected two axes.");
    }

    public static void Sizes(string operation, string what, Variable variable, Shape expected)
    {
        if (variable.Shape != expected) throw new ArgumentException($"{operation}: {what} {variable.Name} is {variable.Shape}; expected {expected}.");
    }

    public static void That([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FailureMessage message)
    {
        if (!condition) throw new ArgumentException(message.ToStringAndClear());
    }

    public static void That([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }

    public static void Linear(Variable x, Variable weight)
    {
        Matrix("Linear", "x", x);
        Matrix("Linear", "the weight", weight);
        That(weight.Shape[1] == x.Shape[1],
            $"Linear: x is {x.Shape} but weight {weight.Name} is {weight.Shape}; both must end in the same size. Is the weight stored [in, out]?");
    }

    public static void Norm(string operation, Variable x, float epsilon, Variable weight)
    {
        Matrix(operation, "x", x);
        Sizes(operation, "the weight", weight, new Shape(x.Shape[1]));
        That(epsilon > 0, $"{operation}: epsilon is {epsilon}; expected above 0.");
    }

    public static void Rope(Variable x, RopeSettings settings)
    {
        Matrix("Rope", "x", x);
        That(settings.HeadSize > 0 && settings.HeadSize % 2 == 0, $"Rope: the head size is {settings.HeadSize}; expected an even number: pairs are turned.");
        That(x.Shape[1] % settings.HeadSize == 0, $"Rope: x is {x.Shape}; expected rows of whole heads of {settings.HeadSize}.");
        That(settings.TokenCount > 0 && x.Shape[0] % settings.TokenCount == 0,
            $"Rope: x is {x.Shape}; expected whole sequences of {settings.TokenCount} rows.");
    }

    public static void Columns(Variable x, int first, int count)
    {
        Matrix("Columns", "x", x);
        That(first >= 0 && count > 0 && first + count <= x.Shape[1], $"Columns: x is {x.Shape}; columns {first} to {first + count - 1} are not all there.");
    }

    public static void Rate(float rate) => That(rate is >= 0 and < 1, $"Dropout: the rate is {rate}; expected in [0, 1).");

    public static void Indices(string operation, ReadOnlySpan<int> indices, int count)
    {
        foreach (int index in indices)
            if ((uint)index >= (uint)count) throw new ArgumentOutOfRangeException(nameof(indices), index, $"{operation}: expected numbers in [0, {count}).");
    }

    /// <summary>Checks the targets of rows of logits and counts those that are not ignored.</summary>
    public static int Targets(string operation, Variable logits, ReadOnlySpan<int> targets)
    {
        Matrix(operation, "the logits", logits);
        int vocabSize = logits.Shape[1], counted = 0;
        That(targets.Length == logits.Shape[0], $"{operation}: the logits are {logits.Shape} but there are {targets.Length} targets; expected one a row.");
        foreach (int target in targets)
        {
            if (target == Tape.IgnoredTarget) continue;
            if ((uint)target >= (uint)vocabSize) throw new ArgumentOutOfRangeException(nameof(targets), target,
                $"{operation}: expected targets in [0, {vocabSize}) or {Tape.IgnoredTarget} for rows that do not count.");
            counted++;
        }
        return counted;
    }
}
