using LlmFromScratch.Numerics;

namespace LlmFromScratch.Kernels;

/// <summary>Which experts a token goes to, and with what share: a few comparisons a token, so the CPU backends use these plain loops.</summary>
internal static class ExpertRouting
{
    /// <summary>The largest logits, the largest first, the lower number on a tie, and the softmax over them alone.</summary>
    /// <param name="logits">[E].</param>
    /// <param name="experts">[U], written.</param>
    /// <param name="weights">[U], written; they sum to 1.</param>
    public static void Route(ReadOnlySpan<float> logits, Span<int> experts, Span<float> weights)
    {
        double sum = 0;
        for (int u = 0; u < experts.Length; u++)
        {
            experts[u] = Next(logits, experts[..u]);
            double weight = PortableMath.Exp((double)logits[experts[u]] - logits[experts[0]]); // minus the largest: at most 1
            weights[u] = (float)weight;
            sum += weight;
        }
        for (int u = 0; u < weights.Length; u++) weights[u] = (float)(weights[u] / sum);
    }

    // The largest logit that was not chosen yet. What follows the last one chosen in the order (logit down, number up) was not.
    private static int Next(ReadOnlySpan<float> logits, ReadOnlySpan<int> chosen)
    {
        int best = -1;
        for (int e = 0; e < logits.Length; e++)
        {
            bool isFree = chosen.IsEmpty || logits[e] < logits[chosen[^1]] || (logits[e] == logits[chosen[^1]] && e > chosen[^1]);
            if (isFree && (best < 0 || logits[e] > logits[best])) best = e;
        }
        return best < 0 ? chosen.Length : best; // NaN: nothing compares, any expert gives NaN
    }
}
