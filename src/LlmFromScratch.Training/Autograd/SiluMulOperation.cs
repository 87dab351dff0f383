using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>The gate of SwiGLU; the formulas stand at <see cref="SiluMulGradient"/>.</summary>
internal sealed class SiluMulOperation : Operation
{
    private GradientTarget _gateGrad, _upGrad;

    private Variable Gate => Input(0);

    private Variable Up => Input(1);

    public SiluMulOperation Forward(Tape tape, Variable gate, Variable up)
    {
        Require.Sizes("SiluMul", "up", up, gate.Shape);
        Begin(tape, "silu", gate.Shape, gate, up);
        RunForward(tape, Output.Data.Length, Elementwise.PieceSize);
        return this;
    }

    protected override void Forward(int first, int end) =>
        SiluMulGradient.Forward(Gate.Data[first..end], Up.Data[first..end], Output.Data[first..end]);

    public override void Backward(Tape tape)
    {
        (_gateGrad, _upGrad) = (tape.GradientOf(Gate), tape.GradientOf(Up));
        RunBackward(tape, Output.Data.Length, Elementwise.PieceSize);
        tape.Release(_gateGrad);
        tape.Release(_upGrad);
    }

    protected override void Backward(int first, int end) => SiluMulGradient.Backward(Gate.Data[first..end], Up.Data[first..end],
        Output.Gradient[first..end], _gateGrad.Values[first..end], _gateGrad.Accumulate, _upGrad.Values[first..end], _upGrad.Accumulate);
}
