using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Training.Interpretability;

/// <summary>
/// What a model makes of random texts that are said twice. The first time nothing foretells a token; the second time an induction head does. While a small model
/// learns, both numbers change in the same few steps (Olsson et al. 2022, "In-context learning and induction heads": the phase change).
/// </summary>
/// <param name="FirstTimeLoss">The mean loss of a token the first time, in nats; no model can be below <c>ln V</c> on average.</param>
/// <param name="SecondTimeLoss">The mean loss of a token the second time, its first token left out: nothing has said that the text begins again.</param>
/// <param name="Layer">The layer of the best head, from 0.</param>
/// <param name="Head">The best head in it, from 0.</param>
/// <param name="Score">Its <see cref="InductionScore"/>.</param>
public sealed record InductionReport(double FirstTimeLoss, double SecondTimeLoss, int Layer, int Head, double Score)
{
    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="length">n: tokens of a text; 2n must fit into the context.</param>
    /// <param name="textCount">How many texts, at least 1.</param>
    /// <param name="seed">Of the first text; the others follow.</param>
    public static InductionReport Measure(Transformer model, int length, int textCount, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(textCount, 1);
        double[,] scores = new double[model.Config.LayerCount, model.Config.HeadCount];
        double first = 0, second = 0;
        for (int text = 0; text < textCount; text++)
        {
            double[,] measured = InductionScore.Measure(model, length, seed + (ulong)text);
            for (int layer = 0; layer < scores.GetLength(0); layer++)
            for (int head = 0; head < scores.GetLength(1); head++) scores[layer, head] += measured[layer, head] / textCount;
            int[] ids = InductionScore.RepeatedText(model.Config.VocabSize, length, seed + (ulong)text);
            first += Loss(model, ids, 1, length) / textCount;
            second += Loss(model, ids, length + 1, ids.Length) / textCount;
        }
        (int bestLayer, int bestHead) = (0, 0);
        for (int layer = 0; layer < scores.GetLength(0); layer++)
        for (int head = 0; head < scores.GetLength(1); head++)
            if (scores[layer, head] > scores[bestLayer, bestHead]) (bestLayer, bestHead) = (layer, head);
        return new InductionReport(first, second, bestLayer, bestHead, scores[bestLayer, bestHead]);
    }

    // The mean of -log p(ids[t] | before) over t in [from, to).
    private static double Loss(Transformer model, int[] ids, int from, int to)
    {
        using Session session = new(model, ids.Length, prefillRows: ids.Length);
        float[] logits = session.Score(ids.AsSpan(..^1)); // [2n - 1, V]
        double sum = 0;
        for (int t = from; t < to; t++) sum += Probability.CrossEntropy(logits.AsSpan((t - 1) * model.Config.VocabSize, model.Config.VocabSize), ids[t]);
        return sum / (to - from);
    }
}
