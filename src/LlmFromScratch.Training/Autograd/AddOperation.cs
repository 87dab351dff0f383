using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>sum = a + b</c>; both inputs get the gradient of the sum.</summary>
internal sealed class AddOperation(Variable output, Variable a, Variable b) : Operation(output)
{
    private const int PieceSize = 8192; // values: 32 KiB of each array

    public static AddOperation Forward(Tape tape, Variable a, Variable b)
    {
        Require.Sizes("Add", "b", b, a.Shape);
        Variable output = tape.Result("add", a.Shape, a, b);
        tape.ForEachPiece(output.DataArray.Length, PieceSize, (first, end) =>
            Elementwise.Add(a.Data[first..end], b.Data[first..end], output.Data[first..end]));
        return new AddOperation(output, a, b);
    }

    public override void Backward(Tape tape)
    {
        if (a.RequiresGradient) Pass(tape, a);
        if (b.RequiresGradient) Pass(tape, b);
    }

    private void Pass(Tape tape, Variable input)
    {
        float[] inputGrad = tape.GradientOf(input, out bool accumulate);
        tape.ForEachPiece(inputGrad.Length, PieceSize, (first, end) =>
        {
            if (accumulate) Elementwise.AddTo(Output.Gradient[first..end], inputGrad.AsSpan(first..end));
            else Output.Gradient[first..end].CopyTo(inputGrad.AsSpan(first));
        });
    }
}
