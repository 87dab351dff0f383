using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>The gate of SwiGLU; the formulas stand at <see cref="SiluMulGradient"/>.</summary>
internal sealed class SiluMulOperation(Variable output, Variable gate, Variable up) : Operation(output)
{
    private const int PieceSize = 8192; // values: 32 KiB of each array

    public static SiluMulOperation Forward(Tape tape, Variable gate, Variable up)
    {
        Require.Sizes("SiluMul", "up", up, gate.Shape);
        Variable output = tape.Result("silu", gate.Shape, gate, up);
        tape.ForEachPiece(output.DataArray.Length, PieceSize, (first, end) =>
            SiluMulGradient.Forward(gate.Data[first..end], up.Data[first..end], output.Data[first..end]));
        return new SiluMulOperation(output, gate, up);
    }

    public override void Backward(Tape tape)
    {
        float[] gateGrad = tape.GradientOf(gate, out bool accumulateGate), upGrad = tape.GradientOf(up, out bool accumulateUp);
        tape.ForEachPiece(gateGrad.Length, PieceSize, (first, end) => SiluMulGradient.Backward(gate.Data[first..end], up.Data[first..end],
            Output.Gradient[first..end], gateGrad.AsSpan(first..end), accumulateGate, upGrad.AsSpan(first..end), accumulateUp));
    }
}
