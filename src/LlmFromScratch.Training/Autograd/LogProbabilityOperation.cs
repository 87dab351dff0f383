using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n] = log softmax(logits[n])[targets[n]]</c>, or 0 where the target is ignored; the formulas stand at <see cref="CrossEntropyGradient"/>.</summary>
internal sealed class LogProbabilityOperation : Operation
{
    private const int PieceRows = 16;

    private ReadOnlyMemory<int> _targets;
    private float[] _stats = []; // [N, 2]: maximum, 1 / sum
    private GradientTarget _logitsGrad;

    private Variable Logits => Input(0);

    public LogProbabilityOperation Forward(Tape tape, Variable logits, ReadOnlyMemory<int> targets)
    {
        Require.Targets("LogProbability", logits, targets.Span);
        _targets = targets;
        _stats = tape.Pool.Rent(2 * targets.Length);
        Begin(tape, "log probability", new Shape(targets.Length, 1), logits);
        RunForward(tape, targets.Length, PieceRows);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        int vocabSize = Logits.Shape[1];
        ReadOnlySpan<int> targets = _targets.Span;
        for (int n = first; n < end; n++)
            Output.Data[n] = targets[n] == Tape.IgnoredTarget ? 0
                : (float)-CrossEntropyGradient.Forward(Logits.Data.Slice(n * vocabSize, vocabSize), targets[n], out _stats[2 * n], out _stats[2 * n + 1]);
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
        ReadOnlySpan<int> targets = _targets.Span;
        for (int n = first; n < end; n++)
        {
            Span<float> gradient = _logitsGrad.Values.Slice(n * vocabSize, vocabSize);
            if (targets[n] != Tape.IgnoredTarget)
                CrossEntropyGradient.Backward(Logits.Data.Slice(n * vocabSize, vocabSize), targets[n], _stats[2 * n], _stats[2 * n + 1],
                    -Output.Gradient[n], gradient, _logitsGrad.Accumulate);
            else if (!_logitsGrad.Accumulate) gradient.Clear();
        }
    }

    public override void Free(Tape tape) => tape.Pool.Return(_stats);
}
