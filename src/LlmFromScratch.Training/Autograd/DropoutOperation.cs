using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y = x / (1 - rate)</c> where <see cref="DropoutMask"/> keeps a value, else 0; the gradient passes the same way.</summary>
internal sealed class DropoutOperation : Operation
{
    private float _rate;
    private ulong _seed;
    private GradientTarget _xGrad;

    private Variable X => Input(0);

    public DropoutOperation Forward(Tape tape, Variable x, float rate, SeededRandom random)
    {
        Require.Rate(rate);
        (_rate, _seed) = (rate, random.NextUInt64());
        Begin(tape, "dropout", x.Shape, x);
        RunForward(tape, Output.Data.Length, Elementwise.PieceSize);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        ReadOnlySpan<float> x = X.Data;
        Span<float> y = Output.Data;
        float factor = 1 / (1 - _rate);
        for (int i = first; i < end; i++) y[i] = DropoutMask.Keeps(_seed, i, _rate) ? x[i] * factor : 0;
    }

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        _xGrad = tape.GradientToAddTo(X);
        RunBackward(tape, Output.Data.Length, Elementwise.PieceSize);
    }

    protected override void Backward(int first, int end)
    {
        ReadOnlySpan<float> yGrad = Output.Gradient;
        Span<float> xGrad = _xGrad.Values;
        float factor = 1 / (1 - _rate);
        for (int i = first; i < end; i++)
            if (DropoutMask.Keeps(_seed, i, _rate)) xGrad[i] += yGrad[i] * factor;
    }
}
