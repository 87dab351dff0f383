using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n] = x[n] + row</c>; backward <c>xGrad = yGrad</c>, <c>rowGrad = Σ_n yGrad[n]</c>, n ascending within pieces, then the pieces.</summary>
internal sealed class AddRowOperation : Operation
{
    private const int PieceRows = 64;

    private float[] _partial = []; // [pieces, C]
    private GradientTarget _xGrad;

    private Variable X => Input(0);

    private Variable Row => Input(1);

    public AddRowOperation Forward(Tape tape, Variable x, Variable row)
    {
        Require.Matrix("AddRow", "x", x);
        Require.Sizes("AddRow", "the row", row, new Shape(x.Shape[1]));
        Begin(tape, "bias", x.Shape, x, row);
        RunForward(tape, x.Shape[0], PieceRows);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        int size = X.Shape[1];
        for (int n = first; n < end; n++) Elementwise.Add(X.Data.Slice(n * size, size), Row.Data, Output.Data.Slice(n * size, size));
    }

    public override void Backward(Tape tape)
    {
        int rows = X.Shape[0], size = X.Shape[1], pieces = (rows + PieceRows - 1) / PieceRows;
        _xGrad = tape.GradientOf(X);
        _partial = tape.Pool.Rent(pieces * size);
        RunBackward(tape, rows, PieceRows);
        GradientTarget rowGrad = tape.GradientToAddTo(Row);
        for (int piece = 0; piece < pieces; piece++) Elementwise.AddTo(_partial.AsSpan(piece * size, size), rowGrad.Values);
        tape.Release(rowGrad);
        tape.Release(_xGrad);
        tape.Pool.Return(_partial);
    }

    protected override void Backward(int first, int end)
    {
        int size = X.Shape[1];
        Span<float> rowGrad = _partial.AsSpan(first / PieceRows * size, size);
        rowGrad.Clear();
        for (int n = first; n < end; n++) Elementwise.AddTo(Output.Gradient.Slice(n * size, size), rowGrad);
        Range values = (first * size)..(end * size);
        Elementwise.Store(Output.Gradient[values], _xGrad.Values[values], _xGrad.Accumulate);
    }
}
