using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y = a · b</c>, value by value; backward <c>aGrad = yGrad · b</c>, <c>bGrad = yGrad · a</c>.</summary>
internal sealed class MultiplyOperation : Operation
{
    private GradientTarget _aGrad, _bGrad;

    private Variable A => Input(0);

    private Variable B => Input(1);

    public MultiplyOperation Forward(Tape tape, Variable a, Variable b)
    {
        Require.Sizes("Multiply", "b", b, a.Shape);
        Begin(tape, "multiply", a.Shape, a, b);
        RunForward(tape, Output.Data.Length, Elementwise.PieceSize);
        return this;
    }

    protected override void Forward(int first, int end) =>
        Elementwise.Multiply(A.Data[first..end], B.Data[first..end], Output.Data[first..end], accumulate: false);

    public override void Backward(Tape tape)
    {
        _aGrad = tape.GradientOf(A);
        _bGrad = tape.GradientOf(B); // the square of a variable: this one accumulates
        RunBackward(tape, Output.Data.Length, Elementwise.PieceSize);
        tape.Release(_aGrad);
        tape.Release(_bGrad);
    }

    protected override void Backward(int first, int end)
    {
        ReadOnlySpan<float> yGrad = Output.Gradient[first..end];
        Elementwise.Multiply(yGrad, B.Data[first..end], _aGrad.Values[first..end], _aGrad.Accumulate);
        Elementwise.Multiply(yGrad, A.Data[first..end], _bGrad.Values[first..end], _bGrad.Accumulate);
    }
}
