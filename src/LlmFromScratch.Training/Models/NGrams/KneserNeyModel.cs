using System.Runtime.InteropServices;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Models.NGrams;

/// <summary>
/// A language model that counts: interpolated modified Kneser-Ney (Chen and Goodman 1999, section 3), the strongest of the n-gram models. From each count
/// a discount is taken, by whether it is 1, 2 or more; what was taken goes to the next shorter context. Shorter contexts count in how many different
/// surroundings a token occurs, not how often: "Francisco" is frequent but follows only "San". Runs over documents: separate them by a token.
/// </summary>
public sealed class KneserNeyModel
{
    private readonly int _order, _vocabSize;
    private readonly Dictionary<UInt128, int>[] _counts;     // [order - 1]: of the longest runs occurrences, of the shorter ones different tokens before
    private readonly Dictionary<UInt128, ContextSum>[] _sums; // [order - 1]: of each context of a run
    private readonly double[,] _discounts;                   // [order - 1, 4]: for counts 1, 2, 3 and more; column 0 is unused

    private KneserNeyModel(int order, int vocabSize, Dictionary<UInt128, int>[] counts)
    {
        (_order, _vocabSize, _counts) = (order, vocabSize, counts);
        _discounts = new double[order, 4];
        _sums = new Dictionary<UInt128, ContextSum>[order];
        for (int n = 1; n <= order; n++)
        {
            SetDiscounts(n);
            _sums[n - 1] = Sums(counts[n - 1]);
        }
    }

    /// <summary>n: a token depends on the n - 1 before it.</summary>
    public int Order => _order;

    /// <summary>Counts a text.</summary>
    /// <param name="tokens">Ids in [0, vocabSize), at least as many as the order.</param>
    /// <param name="order">n, 1 to 5.</param>
    /// <param name="vocabSize">V: all tokens get some probability, also those that the text has not.</param>
    public static KneserNeyModel Train(ReadOnlySpan<int> tokens, int order, int vocabSize)
    {
        NGramCounts.Check(nameof(KneserNeyModel), tokens, order, vocabSize);
        NGramCounts occurrences = new(order);
        occurrences.Add(tokens);
        Dictionary<UInt128, int>[] counts = new Dictionary<UInt128, int>[order];
        counts[order - 1] = occurrences[order];
        for (int n = order - 1; n >= 1; n--)
        {
            counts[n - 1] = [];
            foreach (UInt128 longer in occurrences[n + 1].Keys) NGramCounts.Increment(counts[n - 1], NGramCounts.Shorter(longer, n + 1));
            foreach (UInt128 key in occurrences[n].Keys) counts[n - 1].TryAdd(key, 1); // the text's first run of each length has nothing before it
        }
        return new KneserNeyModel(order, vocabSize, counts);
    }

    /// <summary>The probability of a token after some others; over all tokens of the vocabulary it sums to 1.</summary>
    /// <param name="context">All tokens before; the last n - 1 are read.</param>
    /// <param name="token">In [0, V).</param>
    public double Probability(ReadOnlySpan<int> context, int token)
    {
        double probability = 1.0 / _vocabSize;
        int longest = Math.Min(_order - 1, context.Length);
        Span<int> run = stackalloc int[NGramCounts.MaxOrder];
        for (int n = 1; n <= longest + 1; n++) // from the shortest context to the longest: each takes over what is left of its discounts from the one before
        {
            context[^(n - 1)..].CopyTo(run);
            run[n - 1] = token;
            UInt128 key = NGramCounts.Key(run[..n]);
            if (!_sums[n - 1].TryGetValue(NGramCounts.Context(key), out ContextSum sum)) break; // the context never occurred: nor did a longer one
            double own = _counts[n - 1].TryGetValue(key, out int count) ? count - _discounts[n - 1, Math.Min(count, 3)] : 0;
            double left = _discounts[n - 1, 1] * sum.Ones + _discounts[n - 1, 2] * sum.Twos + _discounts[n - 1, 3] * sum.Others;
            probability = (own + left * probability) / sum.Total;
        }
        return probability;
    }

    /// <summary>The mean of <c>-log2 p</c> over a text, each token after those before it in the text.</summary>
    /// <param name="tokens">At least one.</param>
    public double BitsPerToken(ReadOnlySpan<int> tokens)
    {
        double bits = 0;
        for (int i = 0; i < tokens.Length; i++) bits -= PortableMath.Log(Probability(tokens[..i], tokens[i]));
        return bits / PortableMath.Log(2) / tokens.Length;
    }

    // D_k = k - (k + 1) · Y · n_{k+1} / n_k with Y = n_1 / (n_1 + 2 n_2) and n_k the number of runs that occur k times (eq. 26).
    private void SetDiscounts(int order)
    {
        double[] frequency = new double[5];
        foreach (int count in _counts[order - 1].Values)
            if (count <= 4) frequency[count]++;
        double y = frequency[1] == 0 ? 0 : frequency[1] / (frequency[1] + 2 * frequency[2]);
        for (int k = 1; k <= 3; k++)
        {
            double discount = frequency[k] == 0 ? k / 2.0 : k - (k + 1) * y * frequency[k + 1] / frequency[k]; // a small text has no runs of some counts
            _discounts[order - 1, k] = Math.Clamp(discount, 0.1, k - 0.1);
        }
    }

    private static Dictionary<UInt128, ContextSum> Sums(Dictionary<UInt128, int> counts)
    {
        Dictionary<UInt128, ContextSum> sums = [];
        foreach ((UInt128 key, int count) in counts)
        {
            ref ContextSum sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, NGramCounts.Context(key), out _);
            sum = sum.With(count);
        }
        return sums;
    }

    /// <summary>What follows a context: the sum of the counts, and how many tokens have count 1, 2, 3 and more.</summary>
    private readonly record struct ContextSum(long Total, int Ones, int Twos, int Others)
    {
        public ContextSum With(int count) =>
            new(Total + count, Ones + (count == 1 ? 1 : 0), Twos + (count == 2 ? 1 : 0), Others + (count > 2 ? 1 : 0));
    }
}
