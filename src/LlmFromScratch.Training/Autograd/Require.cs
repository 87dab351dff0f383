using System.Diagnostics.CodeAnalysis;
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

    public static void That([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
