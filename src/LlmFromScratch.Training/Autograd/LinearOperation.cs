using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y = x · Wᵀ</c>; backward <c>xGrad = yGrad · W</c> and <c>WGrad += yGradᵀ · x</c>.</summary>
internal sealed class LinearOperation(Variable output, Variable x, Variable weight) : Operation(output)
{
    public static LinearOperation Forward(Tape tape, Variable x, Variable weight)
    {
        Require.Matrix("Linear", "x", x);
        Require.Matrix("Linear", "the weight", weight);
        int rows = x.Shape[0], inSize = x.Shape[1], outSize = weight.Shape[0];
        Require.That(weight.Shape[1] == inSize,
            $"Linear: x is {x.Shape} but weight {weight.Name} is {weight.Shape}; both must end in the same size. Is the weight stored [in, out]?");
        Variable output = tape.Result("linear " + weight.Name, new Shape(rows, outSize), x, weight);
        Gemm.Multiply(false, true, rows, outSize, inSize, x.Data, weight.Data, output.Data, accumulate: false, tape.Team);
        return new LinearOperation(output, x, weight);
    }

    public override void Backward(Tape tape)
    {
        int rows = x.Shape[0], inSize = x.Shape[1], outSize = weight.Shape[0];
        if (weight.RequiresGradient)
        {
            float[] weightGrad = tape.GradientOf(weight, out bool accumulate);
            Gemm.Multiply(true, false, outSize, inSize, rows, Output.Gradient, x.Data, weightGrad, accumulate, tape.Team);
        }
        if (x.RequiresGradient)
        {
            float[] xGrad = tape.GradientOf(x, out bool accumulate);
            Gemm.Multiply(false, false, rows, inSize, outSize, Output.Gradient, weight.Data, xGrad, accumulate, tape.Team);
        }
    }
}
