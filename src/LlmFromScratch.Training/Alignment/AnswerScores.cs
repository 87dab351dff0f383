using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Log-probabilities of the answers in a packed batch.</summary>
internal static class AnswerScores
{
    /// <summary>log p of every token that counts, 0 elsewhere.</summary>
    /// <returns>[B·T, 1].</returns>
    public static Variable LogProbabilities(Tape tape, DecoderModel model, PackedBatch batch) =>
        tape.LogProbability(model.Forward(tape, batch.Inputs, batch.SequenceCount, batch.Segments), batch.Targets);

    /// <summary>The matrix that turns hidden states into logits.</summary>
    public static Variable Head(DecoderModel model) => model[model.Config.TiedHead ? "token_embd.weight" : "output.weight"];

    /// <summary>The sum over an example's rows: the log-probability of its answer.</summary>
    public static double Sum(ReadOnlySpan<float> logProbabilities, PackedExample example)
    {
        double sum = 0;
        foreach (float value in logProbabilities.Slice(example.FirstRow, example.RowCount)) sum += value;
        return sum;
    }

    /// <summary>How many of an example's rows count: the tokens of its answer.</summary>
    public static int TokenCount(PackedBatch batch, PackedExample example)
    {
        ReadOnlySpan<int> targets = batch.Targets.AsSpan(example.FirstRow, example.RowCount);
        return targets.Length - targets.Count(Tape.IgnoredTarget);
    }

    /// <summary>The same gradient for every token of an answer.</summary>
    public static void Spread(double gradient, PackedBatch batch, PackedExample example, Span<float> rowGradients)
    {
        for (int row = example.FirstRow; row < example.FirstRow + example.RowCount; row++)
            if (batch.Targets[row] != Tape.IgnoredTarget) rowGradients[row] = (float)gradient;
    }
}
