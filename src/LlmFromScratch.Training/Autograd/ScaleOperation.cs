using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y = factor · x</c>; backward <c>xGrad = factor · yGrad</c>.</summary>
internal sealed class ScaleOperation : Operation
{
    private float _factor;
    private GradientTarget _xGrad;

    private Variable X => Input(0);

    public ScaleOperation Forward(Tape tape, Variable x, float factor)
    {
        _factor = factor;
        Begin(tape, "scale", x.Shape, x);
        RunForward(tape, Output.Data.Length, Elementwise.PieceSize);
        return this;
    }

    protected override void Forward(int first, int end) => Elementwise.Scale(_factor, X.Data[first..end], Output.Data[first..end]);

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        _xGrad = tape.GradientToAddTo(X);
        RunBackward(tape, Output.Data.Length, Elementwise.PieceSize);
    }

    protected override void Backward(int first, int end) =>
        Elementwise.AddScaled(_factor, Output.Gradient[first..end], _xGrad.Values[first..end]);
}
