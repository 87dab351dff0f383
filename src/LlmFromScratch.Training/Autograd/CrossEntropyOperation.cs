using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Softmax and the mean negative log-likelihood of the targets, fused; the formulas stand at <see cref="CrossEntropyGradient"/>.</summary>
internal sealed class CrossEntropyOperation : Operation
{
    private const int PieceRows = 16, Max = 0, InverseSum = 1, Loss = 2, Stats = 3;

    private ReadOnlyMemory<int> _targets;
    private int _counted;
    private float[] _stats = []; // [N, 3]: maximum, 1 / sum, loss
    private GradientTarget _logitsGrad;

    private Variable Logits => Input(0);

    public CrossEntropyOperation Forward(Tape tape, Variable logits, ReadOnlyMemory<int> targets)
    {
        _counted = Require.Targets("CrossEntropy", logits, targets.Span);
        Require.That(_counted > 0, "CrossEntropy: every target is ignored; expected at least one row that counts.");
        _targets = targets;
        _stats = tape.Pool.Rent(targets.Length * Stats);
        Begin(tape, "loss", new Shape(1), logits);
        RunForward(tape, targets.Length, PieceRows);
        double sum = 0;
        for (int n = 0; n < targets.Length; n++)
            if (targets.Span[n] != Tape.IgnoredTarget) sum += _stats[n * Stats + Loss];
        Output.Data[0] = (float)(sum / _counted);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        int vocabSize = Logits.Shape[1];
        ReadOnlySpan<int> targets = _targets.Span;
        for (int n = first; n < end; n++)
        {
            if (targets[n] == Tape.IgnoredTarget) continue;
            Span<float> stats = _stats.AsSpan(n * Stats, Stats);
            stats[Loss] = (float)CrossEntropyGradient.Forward(Logits.Data.Slice(n * vocabSize, vocabSize), targets[n], out stats[Max], out stats[InverseSum]);
        }
    }

    public override void Backward(Tape tape)
    {
        if (!Logits.RequiresGradient) return;
        _logitsGrad = tape.GradientOf(Logits);
        RunBackward(tape, _targets.Length, PieceRows);
    }

    protected override void Backward(int first, int end)
    {
        int vocabSize = Logits.Shape[1];
        float scale = Output.Gradient[0] / _counted;
        ReadOnlySpan<int> targets = _targets.Span;
        for (int n = first; n < end; n++)
        {
            Span<float> gradient = _logitsGrad.Values.Slice(n * vocabSize, vocabSize);
            if (targets[n] != Tape.IgnoredTarget)
                CrossEntropyGradient.Backward(Logits.Data.Slice(n * vocabSize, vocabSize), targets[n], _stats[n * Stats + Max], _stats[n * Stats + InverseSum],
                    scale, gradient, _logitsGrad.Accumulate);
            else if (!_logitsGrad.Accumulate) gradient.Clear();
        }
    }

    public override void Free(Tape tape) => tape.Pool.Return(_stats);
}
