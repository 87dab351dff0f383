using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y = x · Wᵀ</c>; backward <c>xGrad = yGrad · W</c> and <c>WGrad += yGradᵀ · x</c>.</summary>
internal sealed class LinearOperation : Operation
{
    private Variable X => Input(0);

    private Variable Weight => Input(1);

    public LinearOperation Forward(Tape tape, Variable x, Variable weight)
    {
        Require.Linear(x, weight);
        int rows = x.Shape[0], inSize = x.Shape[1], outSize = weight.Shape[0];
        Begin(tape, "linear", new Shape(rows, outSize), x, weight);
        Gemm.Multiply(false, true, rows, outSize, inSize, x.Data, weight.Data, Output.Data, accumulate: false, tape.Team);
        return this;
    }

    public override void Backward(Tape tape)
    {
        int rows = X.Shape[0], inSize = X.Shape[1], outSize = Weight.Shape[0];
        if (Weight.RequiresGradient)
        {
            GradientTarget target = tape.GradientOf(Weight);
            Gemm.Multiply(true, false, outSize, inSize, rows, Output.Gradient, X.Data, target.Values, target.Accumulate, tape.Team);
        }
        if (X.RequiresGradient)
        {
            GradientTarget target = tape.GradientOf(X);
            Gemm.Multiply(false, false, rows, inSize, outSize, Output.Gradient, Weight.Data, target.Values, target.Accumulate, tape.Team);
        }
    }
}
