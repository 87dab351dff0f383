using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Softmax and the mean negative log-likelihood of the targets, fused; the formulas stand at <see cref="CrossEntropyGradient"/>.</summary>
internal sealed class CrossEntropyOperation(
    Variable output, Variable logits, ReadOnlyMemory<int> targets, int counted, float[] rowStats) : Operation(output)
{
    private const int PieceRows = 16, Max = 0, InverseSum = 1, Loss = 2, Stats = 3;

    public static CrossEntropyOperation Forward(Tape tape, Variable logits, ReadOnlyMemory<int> targets)
    {
        Require.Matrix("CrossEntropy", "the logits", logits);
        int rows = logits.Shape[0], vocabSize = logits.Shape[1]; // N, V
        Require.That(targets.Length == rows,
            $"CrossEntropy: the logits are {logits.Shape} but there are {targets.Length} targets; expected one a row.");
        int counted = 0;
        foreach (int target in targets.Span)
        {
            if (target == Tape.IgnoredTarget) continue;
            if ((uint)target >= (uint)vocabSize) throw new ArgumentOutOfRangeException(nameof(targets), target,
                $"CrossEntropy: expected targets in [0, {vocabSize}) or {Tape.IgnoredTarget} for rows that do not count.");
            counted++;
        }
        Require.That(counted > 0, "CrossEntropy: every target is ignored; expected at least one row that counts.");
        Variable output = tape.Result("loss", new Shape(1), logits);
        float[] rowStats = tape.Pool.Rent(rows * Stats); // [N, 3]: maximum, 1 / sum, loss
        tape.ForEachPiece(rows, PieceRows, (first, end) =>
        {
            for (int n = first; n < end; n++)
            {
                int target = targets.Span[n];
                if (target == Tape.IgnoredTarget) continue;
                double loss = CrossEntropyGradient.Forward(logits.Data.Slice(n * vocabSize, vocabSize), target, out float max, out float inverseSum);
                (rowStats[n * Stats + Max], rowStats[n * Stats + InverseSum], rowStats[n * Stats + Loss]) = (max, inverseSum, (float)loss);
            }
        });
        double sum = 0;
        for (int n = 0; n < rows; n++)
            if (targets.Span[n] != Tape.IgnoredTarget) sum += rowStats[n * Stats + Loss];
        output.Data[0] = (float)(sum / counted);
        return new CrossEntropyOperation(output, logits, targets, counted, rowStats);
    }

    public override void Backward(Tape tape)
    {
        if (!logits.RequiresGradient) return;
        int rows = logits.Shape[0], vocabSize = logits.Shape[1];
        float scale = Output.Gradient[0] / counted;
        float[] logitsGrad = tape.GradientOf(logits, out bool accumulate);
        tape.ForEachPiece(rows, PieceRows, (first, end) =>
        {
            for (int n = first; n < end; n++)
            {
                int target = targets.Span[n];
                Span<float> gradient = logitsGrad.AsSpan(n * vocabSize, vocabSize);
                if (target != Tape.IgnoredTarget) CrossEntropyGradient.Backward(logits.Data.Slice(n * vocabSize, vocabSize), target,
                    rowStats[n * Stats + Max], rowStats[n * Stats + InverseSum], scale, gradient, accumulate);
                else if (!accumulate) gradient.Clear();
            }
        });
    }

    public override void Free(Tape tape) => tape.Pool.Return(rowStats);
}
