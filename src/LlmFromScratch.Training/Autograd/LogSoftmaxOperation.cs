using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>The logarithm of the softmax of rows; the formulas stand at <see cref="SoftmaxGradient"/>.</summary>
internal sealed class LogSoftmaxOperation : Operation
{
    private const int PieceRows = 16;

    private GradientTarget _xGrad;

    private Variable X => Input(0);

    public LogSoftmaxOperation Forward(Tape tape, Variable x)
    {
        Require.Matrix("LogSoftmax", "x", x);
        Begin(tape, "log softmax", x.Shape, x);
        RunForward(tape, x.Shape[0], PieceRows);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        int size = X.Shape[1];
        for (int n = first; n < end; n++) SoftmaxGradient.LogForward(X.Data.Slice(n * size, size), Output.Data.Slice(n * size, size));
    }

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        _xGrad = tape.GradientToAddTo(X);
        RunBackward(tape, X.Shape[0], PieceRows);
    }

    protected override void Backward(int first, int end)
    {
        int size = X.Shape[1];
        for (int n = first; n < end; n++)
            SoftmaxGradient.LogBackward(Output.Data.Slice(n * size, size), Output.Gradient.Slice(n * size, size), _xGrad.Values.Slice(n * size, size));
    }
}
