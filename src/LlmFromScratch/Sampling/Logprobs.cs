namespace LlmFromScratch.Sampling;

/// <summary>
/// Log-probabilities of the model's own distribution, <c>ln p_i = z_i - LogSumExp(z)</c>: before temperature, penalties and filters, which say
/// what is drawn and not what the model holds to be likely. Summed over a text they are its log-probability.
/// </summary>
public static class Logprobs
{
    /// <summary><c>ln p</c> of one token.</summary>
    /// <param name="logits">[V], straight from the model.</param>
    /// <param name="id">0 to V - 1.</param>
    public static double Of(ReadOnlySpan<float> logits, int id) => -Probability.CrossEntropy(logits, id);

    /// <summary>The most probable tokens, best first, the lower id first among equals.</summary>
    /// <param name="logits">[V], straight from the model; at least one finite, no NaN.</param>
    /// <param name="best">Receives as many as it has room for, at most V.</param>
    /// <returns>How many were written.</returns>
    public static int Top(ReadOnlySpan<float> logits, Span<TokenLogprob> best)
    {
        double logSumExp = Probability.LogSumExp(logits);
        int count = 0;
        for (int id = 0; id < logits.Length && best.Length > 0; id++)
        {
            double logprob = logits[id] - logSumExp;
            if (count == best.Length && logprob <= best[^1].Logprob) continue; // most tokens end here
            int place = Math.Min(count, best.Length - 1);
            while (place > 0 && best[place - 1].Logprob < logprob) best[place] = best[--place];
            best[place] = new TokenLogprob(id, logprob);
            count = Math.Min(count + 1, best.Length);
        }
        return count;
    }
}
