using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n, i] = x[n, first + i]</c>; the gradient goes back to the same columns.</summary>
internal sealed class ColumnsOperation : Operation
{
    private int _first;

    private Variable X => Input(0);

    public ColumnsOperation Forward(Tape tape, Variable x, int first, int count)
    {
        Require.Columns(x, first, count);
        _first = first;
        Begin(tape, "columns", new Shape(x.Shape[0], count), x);
        for (int n = 0; n < x.Shape[0]; n++) x.Data.Slice(n * x.Shape[1] + first, count).CopyTo(Output.Data[(n * count)..]);
        return this;
    }

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        Span<float> xGrad = tape.GradientToAddTo(X).Values;
        int count = Output.Shape[1];
        for (int n = 0; n < X.Shape[0]; n++)
            Elementwise.AddTo(Output.Gradient.Slice(n * count, count), xGrad.Slice(n * X.Shape[1] + _first, count));
    }
}
