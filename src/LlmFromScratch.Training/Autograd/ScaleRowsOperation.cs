using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n] = x[n] · f[n]</c>; backward <c>xGrad[n] = yGrad[n] · f[n]</c>, <c>fGrad[n] = Σ_i yGrad[n, i] · x[n, i]</c>.</summary>
internal sealed class ScaleRowsOperation : Operation
{
    private const int PieceRows = 64;

    private GradientTarget _xGrad, _factorsGrad;

    private Variable X => Input(0);

    private Variable Factors => Input(1);

    public ScaleRowsOperation Forward(Tape tape, Variable x, Variable factors)
    {
        Require.Matrix("ScaleRows", "x", x);
        Require.Sizes("ScaleRows", "the factors", factors, new Shape(x.Shape[0], 1));
        Begin(tape, "scale rows", x.Shape, x, factors);
        RunForward(tape, x.Shape[0], PieceRows);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        int size = X.Shape[1];
        for (int n = first; n < end; n++) Elementwise.Scale(Factors.Data[n], X.Data.Slice(n * size, size), Output.Data.Slice(n * size, size));
    }

    public override void Backward(Tape tape)
    {
        (_xGrad, _factorsGrad) = (tape.GradientToAddTo(X), tape.GradientToAddTo(Factors));
        RunBackward(tape, X.Shape[0], PieceRows);
        tape.Release(_xGrad);
        tape.Release(_factorsGrad);
    }

    protected override void Backward(int first, int end)
    {
        int size = X.Shape[1];
        for (int n = first; n < end; n++)
        {
            ReadOnlySpan<float> yGrad = Output.Gradient.Slice(n * size, size);
            Elementwise.AddScaled(Factors.Data[n], yGrad, _xGrad.Values.Slice(n * size, size));
            _factorsGrad.Values[n] += Elementwise.Dot(yGrad, X.Data.Slice(n * size, size));
        }
    }
}
