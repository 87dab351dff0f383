using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Interpretability;

/// <summary>
/// How much a head continues what it has seen before: in a random text that is repeated, an induction head at a token looks at the token that followed it the
/// first time (Olsson et al. 2022, "In-context learning and induction heads").
/// </summary>
public static class InductionScore
{
    /// <summary>Measures all heads on one random text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="length">n: tokens before the repetition; 2n must fit into the context.</param>
    /// <param name="seed">Of the text.</param>
    /// <returns>[L, H]: the mean weight, over the second n tokens, on the token n - 1 places back; 1 for a perfect induction head.</returns>
    public static double[,] Measure(Transformer model, int length, ulong seed)
    {
        if (length < 2 || 2 * length > model.Config.ContextLength) throw new ArgumentOutOfRangeException(nameof(length), length,
            $"InductionScore: expected at least 2 tokens, and at most half of the context of {model.Config.ContextLength}.");
        int[] ids = RepeatedText(model.Config.VocabSize, length, seed);
        AttentionCapture capture = new();
        using Session session = new(model, prefillRows: ids.Length);
        session.Prefill(ids, capture);
        double[,] scores = new double[capture.LayerCount, capture.HeadCount];
        for (int layer = 0; layer < capture.LayerCount; layer++)
        for (int head = 0; head < capture.HeadCount; head++)
        {
            float[] weights = capture.Weights(layer, head); // [2n, 2n]
            for (int t = length; t < ids.Length; t++) scores[layer, head] += weights[t * ids.Length + t - length + 1] / (double)length;
        }
        return scores;
    }

    /// <summary>[2n]: n random tokens below V, twice.</summary>
    internal static int[] RepeatedText(int vocabSize, int length, ulong seed)
    {
        SeededRandom random = new(seed);
        int[] ids = new int[2 * length];
        for (int t = 0; t < length; t++) ids[t] = ids[t + length] = random.NextInt(vocabSize);
        return ids;
    }
}
