using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>sum = a + b</c>; both inputs get the gradient of the sum.</summary>
internal sealed class AddOperation : Operation
{
    private GradientTarget _target;

    private Variable A => Input(0);

    private Variable B => Input(1);

    public AddOperation Forward(Tape tape, Variable a, Variable b)
    {
        Require.Sizes("Add", "b", b, a.Shape);
        Begin(tape, "add", a.Shape, a, b);
        RunForward(tape, Output.Data.Length, Elementwise.PieceSize);
        return this;
    }

    protected override void Forward(int first, int end) => Elementwise.Add(A.Data[first..end], B.Data[first..end], Output.Data[first..end]);

    public override void Backward(Tape tape)
    {
        if (A.RequiresGradient) Pass(tape, A);
        if (B.RequiresGradient) Pass(tape, B);
    }

    protected override void Backward(int first, int end) =>
        Elementwise.Store(Output.Gradient[first..end], _target.Values[first..end], _target.Accumulate);

    private void Pass(Tape tape, Variable input)
    {
        _target = tape.GradientOf(input);
        RunBackward(tape, Output.Data.Length, Elementwise.PieceSize);
    }
}
