using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd.Reference;

/// <summary>Logarithms of the targets' probabilities, and their mean.</summary>
internal static class ReferenceLosses
{
    public static Variable LogProbability(ReferenceTape tape, Variable logits, ReadOnlyMemory<int> targets)
    {
        Require.Targets("LogProbability", logits, targets.Span);
        (double[] y, double[] probabilities) = LogProbabilities(tape, logits, targets.Span);
        return tape.Record("log probability", new Shape(targets.Length, 1), y,
            yGrad => Backward(tape.GradientOf(logits), probabilities, targets.Span, n => yGrad[n]), logits);
    }

    public static Variable CrossEntropy(ReferenceTape tape, Variable logits, ReadOnlyMemory<int> targets)
    {
        int counted = Require.Targets("CrossEntropy", logits, targets.Span);
        Require.That(counted > 0, "CrossEntropy: every target is ignored; expected at least one row that counts.");
        (double[] logProbabilities, double[] probabilities) = LogProbabilities(tape, logits, targets.Span);
        double sum = 0;
        foreach (double value in logProbabilities) sum += value;
        return tape.Record("loss", new Shape(1), [-sum / counted],
            yGrad => Backward(tape.GradientOf(logits), probabilities, targets.Span, _ => -yGrad[0] / counted), logits);
    }

    private static (double[] LogProbabilities, double[] Probabilities) LogProbabilities(ReferenceTape tape, Variable logits, ReadOnlySpan<int> targets)
    {
        int vocabSize = logits.Shape[1];
        double[] values = tape.ValuesOf(logits), probabilities = (double[])values.Clone(), y = new double[targets.Length];
        for (int n = 0; n < targets.Length; n++)
        {
            if (targets[n] == Tape.IgnoredTarget) continue;
            ReferenceNorms.SoftmaxInPlace(probabilities.AsSpan(n * vocabSize, vocabSize));
            double max = double.NegativeInfinity, sum = 0; // not log(probability): that may be log 0
            for (int i = 0; i < vocabSize; i++) max = Math.Max(max, values[n * vocabSize + i]);
            for (int i = 0; i < vocabSize; i++) sum += PortableMath.Exp(values[n * vocabSize + i] - max);
            y[n] = values[n * vocabSize + targets[n]] - max - PortableMath.Log(sum);
        }
        return (y, probabilities);
    }

    // d log p[target] / d logit[i] = [i = target] - p[i]
    private static void Backward(double[] logitsGrad, double[] probabilities, ReadOnlySpan<int> targets, Func<int, double> rowGrad)
    {
        int vocabSize = logitsGrad.Length / targets.Length;
        for (int n = 0; n < targets.Length; n++)
        {
            if (targets[n] == Tape.IgnoredTarget) continue;
            for (int i = 0; i < vocabSize; i++)
                logitsGrad[n * vocabSize + i] += rowGrad(n) * ((i == targets[n] ? 1 : 0) - probabilities[n * vocabSize + i]);
        }
    }
}
