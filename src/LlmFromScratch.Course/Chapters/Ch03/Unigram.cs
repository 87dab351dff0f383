using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>
/// The Unigram tokenizer in small: every piece has a probability, a text is cut where the product of its pieces is largest. The reference of
/// exercise 3.5. Source: Kudo 2018, "Subword Regularization", section 3.2.
/// </summary>
internal static class Unigram
{
    /// <summary>The most probable way to cut <paramref name="text"/>, found from left to right in O(n · longest piece).</summary>
    /// <param name="text">A text that the pieces can spell.</param>
    /// <param name="logProbability">The logarithm of each piece's probability.</param>
    public static string[] Viterbi(string text, IReadOnlyDictionary<string, double> logProbability)
    {
        double[] best = new double[text.Length + 1]; // [n + 1] the best score of text[..end]
        int[] cut = new int[text.Length + 1];        // [n + 1] where the last piece of that begins
        for (int end = 1; end <= text.Length; end++)
        {
            best[end] = double.NegativeInfinity;
            for (int start = 0; start < end; start++)
            {
                if (!logProbability.TryGetValue(text[start..end], out double score) || best[start] + score <= best[end]) continue;
                (best[end], cut[end]) = (best[start] + score, start);
            }
        }
        List<string> pieces = [];
        for (int end = text.Length; end > 0; end = cut[end]) pieces.Insert(0, text[cut[end]..end]);
        return [.. pieces];
    }

    /// <summary>Every way to cut a text into known pieces: up to <c>2^(n-1)</c> of them.</summary>
    public static IEnumerable<string[]> AllCuts(string text, IReadOnlyDictionary<string, double> logProbability)
    {
        if (text.Length == 0) yield return [];
        for (int length = 1; length <= text.Length; length++)
        {
            if (!logProbability.ContainsKey(text[..length])) continue;
            foreach (string[] rest in AllCuts(text[length..], logProbability)) yield return [text[..length], .. rest];
        }
    }

    /// <summary>The logarithm of the probability of one cut.</summary>
    public static double Score(IEnumerable<string> pieces, IReadOnlyDictionary<string, double> logProbability) =>
        pieces.Sum(piece => logProbability[piece]);

    /// <summary>
    /// One step of expectation and maximisation: each word shares its count among its cuts by their probability, and a piece's new probability is
    /// its share of all pieces. A piece without any share leaves the table. Enumerates cuts, so words must be short.
    /// </summary>
    /// <returns>The new table, and the corpus's log-likelihood under the old one; it never falls from step to step.</returns>
    public static (Dictionary<string, double> Next, double LogLikelihood) ExpectationStep(
        IReadOnlyDictionary<string, int> words, IReadOnlyDictionary<string, double> logProbability)
    {
        Dictionary<string, double> expected = [];
        double logLikelihood = 0;
        foreach ((string word, int count) in words)
        {
            string[][] cuts = [.. AllCuts(word, logProbability)];
            double[] probabilities = [.. cuts.Select(cut => PortableMath.Exp(Score(cut, logProbability)))];
            double total = probabilities.Sum();
            logLikelihood += count * PortableMath.Log(total);
            for (int c = 0; c < cuts.Length; c++)
                foreach (string piece in cuts[c]) expected[piece] = expected.GetValueOrDefault(piece) + count * probabilities[c] / total;
        }
        double sum = expected.Values.Sum();
        return (expected.Where(pair => pair.Value > 0).ToDictionary(pair => pair.Key, pair => PortableMath.Log(pair.Value / sum)), logLikelihood);
    }
}
