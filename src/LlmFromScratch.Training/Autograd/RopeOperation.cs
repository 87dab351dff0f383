using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Rotary positions; the gradient is rotated back by the same angles.</summary>
internal sealed class RopeOperation(Variable output, Variable x, RopeSettings settings, float[] table) : Operation(output)
{
    private const int PieceRows = 64;

    public static RopeOperation Forward(Tape tape, Variable x, RopeSettings settings)
    {
        Require.Matrix("Rope", "x", x);
        Require.That(settings.HeadSize > 0 && settings.HeadSize % 2 == 0,
            $"Rope: the head size is {settings.HeadSize}; expected an even number: pairs are turned.");
        Require.That(x.Shape[1] % settings.HeadSize == 0, $"Rope: x is {x.Shape}; expected rows of whole heads of {settings.HeadSize}.");
        Require.That(settings.TokenCount > 0 && x.Shape[0] % settings.TokenCount == 0,
            $"Rope: x is {x.Shape}; expected whole sequences of {settings.TokenCount} rows.");
        Variable output = tape.Result("rope", x.Shape, x);
        float[] table = tape.RopeTable(settings); // [T, D/2, 2]
        Rotate(tape, settings, table, x.DataArray, output.DataArray, x.Shape[1], inverse: false, accumulate: false);
        return new RopeOperation(output, x, settings, table);
    }

    public override void Backward(Tape tape)
    {
        if (!x.RequiresGradient) return;
        float[] xGrad = tape.GradientOf(x, out bool accumulate);
        Rotate(tape, settings, table, Output.GradientArray!, xGrad, x.Shape[1], inverse: true, accumulate); // not null: Backward is called only then
    }

    private static void Rotate(Tape tape, RopeSettings settings, float[] table, float[] x, float[] y, int size, bool inverse, bool accumulate) =>
        tape.ForEachPiece(x.Length / size, PieceRows, (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                ReadOnlySpan<float> angles = table.AsSpan(row % settings.TokenCount * settings.HeadSize, settings.HeadSize);
                RopeGradient.RotateRow(x.AsSpan(row * size, size), angles, settings.Pairing, inverse, y.AsSpan(row * size, size), accumulate);
            }
        });
}
