using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n] = Σ_i x[n, i]</c>; every value of a row gets the gradient of its sum.</summary>
internal sealed class RowSumsOperation : Operation
{
    private Variable X => Input(0);

    public RowSumsOperation Forward(Tape tape, Variable x)
    {
        Require.Matrix("RowSums", "x", x);
        int size = x.Shape[1];
        Begin(tape, "row sums", new Shape(x.Shape[0], 1), x);
        for (int n = 0; n < x.Shape[0]; n++) Output.Data[n] = Elementwise.Sum(x.Data.Slice(n * size, size));
        return this;
    }

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        int size = X.Shape[1];
        Span<float> xGrad = tape.GradientToAddTo(X).Values;
        for (int n = 0; n < X.Shape[0]; n++)
            foreach (ref float value in xGrad.Slice(n * size, size)) value += Output.Gradient[n];
    }
}
