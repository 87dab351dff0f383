using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Root mean square norm of rows; the formulas stand at <see cref="RmsNormGradient"/>.</summary>
internal sealed class RmsNormOperation(Variable output, Variable x, Variable weight, float[] inverseRms) : Operation(output)
{
    private const int PieceRows = 64; // fixed, so that the sum over rows has one order for any thread count

    public static RmsNormOperation Forward(Tape tape, Variable x, Variable weight, float epsilon)
    {
        Require.Matrix("RmsNorm", "x", x);
        int rows = x.Shape[0], size = x.Shape[1]; // N, C
        Require.Sizes("RmsNorm", "the weight", weight, new Shape(size));
        Require.That(epsilon > 0, $"RmsNorm: epsilon is {epsilon}; expected above 0.");
        Variable output = tape.Result("norm " + weight.Name, x.Shape, x, weight);
        float[] inverseRms = tape.Pool.Rent(rows); // [N]
        tape.ForEachPiece(rows, PieceRows, (first, end) => RmsNormGradient.Forward(
            x.Data[(first * size)..(end * size)], weight.Data, epsilon, output.Data[(first * size)..(end * size)], inverseRms.AsSpan(first..end)));
        return new RmsNormOperation(output, x, weight, inverseRms);
    }

    public override void Backward(Tape tape)
    {
        int rows = x.Shape[0], size = x.Shape[1], pieces = (rows + PieceRows - 1) / PieceRows;
        bool needsX = x.RequiresGradient, accumulate = false;
        float[] xGrad = needsX ? tape.GradientOf(x, out accumulate) : tape.Pool.Rent(rows * size);
        float[] partial = tape.Pool.Rent(pieces * size); // [pieces, C]: each piece of rows sums its own weight gradient
        float[] outputGrad = Output.GradientArray!; // Backward is called only when it is there
        tape.ForEachPiece(rows, PieceRows, (first, end) =>
        {
            Span<float> weightGrad = partial.AsSpan(first / PieceRows * size, size);
            weightGrad.Clear();
            Range range = (first * size)..(end * size);
            RmsNormGradient.Backward(x.Data[range], weight.Data, inverseRms.AsSpan(first..end), outputGrad.AsSpan(range),
                xGrad.AsSpan(range), accumulate, weightGrad);
        });
        if (weight.RequiresGradient)
        {
            float[] weightGrad = tape.GradientOf(weight, out bool accumulateWeight);
            if (!accumulateWeight) weightGrad.AsSpan().Clear();
            for (int piece = 0; piece < pieces; piece++) Elementwise.AddTo(partial.AsSpan(piece * size, size), weightGrad);
        }
        tape.Pool.Return(partial);
        if (!needsX) tape.Pool.Return(xGrad);
    }

    public override void Free(Tape tape) => tape.Pool.Return(inverseRms);
}
