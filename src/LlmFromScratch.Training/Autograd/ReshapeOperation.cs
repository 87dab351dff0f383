using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>The same values in the same order under another shape; so is the gradient.</summary>
internal sealed class ReshapeOperation : Operation
{
    private Variable X => Input(0);

    public ReshapeOperation Forward(Tape tape, Variable x, Shape shape)
    {
        Require.That(x.Shape.Count == shape.Count, $"Reshape: x is {x.Shape}, the wanted shape {shape} holds another number of values.");
        Begin(tape, "reshape", shape, x);
        x.Data.CopyTo(Output.Data);
        return this;
    }

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        GradientTarget target = tape.GradientOf(X);
        Elementwise.Store(Output.Gradient, target.Values, target.Accumulate);
    }
}
