using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>The rows of a, then those of b; each input gets its part of the gradient.</summary>
internal sealed class JoinRowsOperation : Operation
{
    private Variable A => Input(0);

    private Variable B => Input(1);

    public JoinRowsOperation Forward(Tape tape, Variable a, Variable b)
    {
        Require.Matrix("JoinRows", "a", a);
        Require.Matrix("JoinRows", "b", b);
        Require.That(a.Shape[1] == b.Shape[1], $"JoinRows: a is {a.Shape}, b is {b.Shape}; expected rows of one length.");
        Begin(tape, "join", new Shape(a.Shape[0] + b.Shape[0], a.Shape[1]), a, b);
        a.Data.CopyTo(Output.Data);
        b.Data.CopyTo(Output.Data[a.Data.Length..]);
        return this;
    }

    public override void Backward(Tape tape)
    {
        GradientTarget aGrad = tape.GradientToAddTo(A), bGrad = tape.GradientToAddTo(B);
        Elementwise.AddTo(Output.Gradient[..A.Data.Length], aGrad.Values);
        Elementwise.AddTo(Output.Gradient[A.Data.Length..], bGrad.Values);
        tape.Release(aGrad);
        tape.Release(bGrad);
    }
}
