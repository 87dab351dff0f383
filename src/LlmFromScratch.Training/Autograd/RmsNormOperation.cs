using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Root mean square norm of rows; the formulas stand at <see cref="RmsNormGradient"/>.</summary>
internal sealed class RmsNormOperation : Operation
{
    private const int PieceRows = 64; // fixed, so that the sum over rows has one order for any thread count

    private float _epsilon;
    private float[] _inverseRms = []; // [N]
    private float[] _partial = [];    // [pieces, C]: each piece of rows sums its own weight gradient
    private GradientTarget _xGrad;

    private Variable X => Input(0);

    private Variable Weight => Input(1);

    public RmsNormOperation Forward(Tape tape, Variable x, Variable weight, float epsilon)
    {
        Require.Norm("RmsNorm", x, epsilon, weight);
        _epsilon = epsilon;
        _inverseRms = tape.Pool.Rent(x.Shape[0]);
        Begin(tape, "norm", x.Shape, x, weight);
        RunForward(tape, x.Shape[0], PieceRows);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        Range values = (first * X.Shape[1])..(end * X.Shape[1]);
        RmsNormGradient.Forward(X.Data[values], Weight.Data, _epsilon, Output.Data[values], _inverseRms.AsSpan(first..end));
    }

    public override void Backward(Tape tape)
    {
        int rows = X.Shape[0], size = X.Shape[1], pieces = (rows + PieceRows - 1) / PieceRows;
        _xGrad = tape.GradientOf(X);
        _partial = tape.Pool.Rent(pieces * size);
        RunBackward(tape, rows, PieceRows);
        GradientTarget weightGrad = tape.GradientToAddTo(Weight);
        for (int piece = 0; piece < pieces; piece++) Elementwise.AddTo(_partial.AsSpan(piece * size, size), weightGrad.Values);
        tape.Release(weightGrad);
        tape.Release(_xGrad);
        tape.Pool.Return(_partial);
    }

    protected override void Backward(int first, int end)
    {
        int size = X.Shape[1];
        Span<float> weightGrad = _partial.AsSpan(first / PieceRows * size, size);
        weightGrad.Clear();
        Range values = (first * size)..(end * size);
        RmsNormGradient.Backward(X.Data[values], Weight.Data, _inverseRms.AsSpan(first..end), Output.Gradient[values],
            _xGrad.Values[values], _xGrad.Accumulate, weightGrad);
    }

    public override void Free(Tape tape) => tape.Pool.Return(_inverseRms);
}
