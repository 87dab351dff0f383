using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;

namespace LlmFromScratch.Training.Interpretability;

/// <summary>
/// Where a model holds what decides its answer: a clean and a corrupted text differ in the fact asked for; each activation of the clean run is put into the
/// corrupted one in turn, and the share of the answer that comes back is noted (Meng et al. 2022, section 2).
/// </summary>
public static class ActivationPatching
{
    /// <summary>Patches every block and position, one at a time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clean">The text with the right answer.</param>
    /// <param name="corrupted">A text of as many tokens with the other answer.</param>
    /// <param name="point">What is patched: <see cref="ForwardPoint.BlockOutput"/> for the residual stream, <see cref="ForwardPoint.AttentionHeads"/>
    /// for what attention gathered.</param>
    /// <param name="answer">The token that the clean text is followed by.</param>
    /// <param name="otherAnswer">The token that the corrupted text is followed by.</param>
    /// <returns>
    /// [L, T]: with d the logit of the answer minus that of the other, <c>(d_patched - d_corrupted) / (d_clean - d_corrupted)</c>; 0 where the patch does
    /// nothing, 1 where it brings the whole answer back.
    /// </returns>
    public static double[,] Sweep(Transformer model, ReadOnlySpan<int> clean, ReadOnlySpan<int> corrupted, ForwardPoint point, int answer, int otherAnswer)
    {
        if (clean.Length != corrupted.Length) throw new ArgumentException(
            $"ActivationPatching: the clean text has {clean.Length} tokens, the corrupted one {corrupted.Length}; expected as many.", nameof(corrupted));
        ActivationRecord record = new(point);
        double cleanDifference = Difference(clean, record), corruptedDifference = Difference(corrupted, null);
        double[,] shares = new double[model.Config.LayerCount, clean.Length];
        for (int layer = 0; layer < shares.GetLength(0); layer++)
        for (int position = 0; position < clean.Length; position++)
        {
            double patched = Difference(corrupted, new ActivationPatch(record, layer, position));
            shares[layer, position] = (patched - corruptedDifference) / (cleanDifference - corruptedDifference);
        }
        return shares;

        double Difference(ReadOnlySpan<int> ids, IForwardObserver? observer)
        {
            using Session session = new(model, prefillRows: ids.Length);
            ReadOnlySpan<float> logits = session.Prefill(ids, observer);
            return logits[answer] - logits[otherAnswer];
        }
    }
}
