using LlmFromScratch.Sampling;

namespace LlmFromScratch.Training.Models;

/// <summary>What a row of logits says is most likely.</summary>
internal static class TokenGuesses
{
    /// <summary>The most likely ids and their probabilities, the most likely first; of equals the smaller id.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="count">How many, at most V.</param>
    public static IReadOnlyList<(int Id, double Probability)> Top(ReadOnlySpan<float> logits, int count)
    {
        float[] probabilities = new float[logits.Length];
        Probability.Softmax(logits, probabilities);
        return [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(id => probabilities[id]).Take(count).Select(id => (id, (double)probabilities[id]))];
    }
}
