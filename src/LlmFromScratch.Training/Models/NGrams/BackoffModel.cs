using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Models.NGrams;

/// <summary>
/// The simplest n-gram model that gives every token a probability: the relative frequency after the longest context that the text has, minus a discount of
/// one half; where a token never followed, the shorter context answers with what the discounts left (Katz 1987, with absolute discounts).
/// </summary>
public sealed class BackoffModel
{
    private const double Discount = 0.5;

    private readonly int _order, _vocabSize;
    private readonly NGramCounts _counts;
    private readonly Dictionary<UInt128, Context>[] _contexts; // [order - 1]

    /// <summary>Counts a text.</summary>
    /// <param name="tokens">Ids in [0, vocabSize), at least one.</param>
    /// <param name="order">n, 1 to 5: a token depends on the n - 1 before it.</param>
    /// <param name="vocabSize">V.</param>
    public BackoffModel(ReadOnlySpan<int> tokens, int order, int vocabSize)
    {
        NGramCounts.Check(nameof(BackoffModel), tokens, order, vocabSize);
        (_order, _vocabSize, _counts) = (order, vocabSize, new NGramCounts(order));
        _counts.Add(tokens);
        _contexts = new Dictionary<UInt128, Context>[order];
        for (int n = 1; n <= order; n++)
        {
            Dictionary<UInt128, (long Total, int Followers, double ShorterSum)> sums = [];
            foreach ((UInt128 key, int count) in _counts[n])
            {
                sums.TryGetValue(NGramCounts.Context(key), out (long Total, int Followers, double ShorterSum) sum);
                sums[NGramCounts.Context(key)] = (sum.Total + count, sum.Followers + 1, sum.ShorterSum + Shorter(key, n));
            }
            _contexts[n - 1] = sums.ToDictionary(entry => entry.Key, entry =>
            {
                (long total, int followers, double shorterSum) = entry.Value;
                double discount = followers == vocabSize ? 0 : Discount; // all tokens have followed: there is nobody to leave anything to
                return new Context(total, discount, discount == 0 ? 0 : discount * followers / total / (1 - shorterSum));
            });
        }
    }

    /// <summary>The probability of a token after some others; over all tokens of the vocabulary it sums to 1.</summary>
    /// <param name="context">All tokens before; the last n - 1 are read.</param>
    /// <param name="token">In [0, V).</param>
    public double Probability(ReadOnlySpan<int> context, int token)
    {
        int longest = Math.Min(_order - 1, context.Length);
        Span<int> run = stackalloc int[NGramCounts.MaxOrder];
        context[^longest..].CopyTo(run);
        run[longest] = token;
        return Probability(NGramCounts.Key(run[..(longest + 1)]), longest + 1);
    }

    /// <summary>The mean of <c>-log2 p</c> over a text, each token after those before it in the text.</summary>
    public double BitsPerToken(ReadOnlySpan<int> tokens)
    {
        double bits = 0;
        for (int i = 0; i < tokens.Length; i++) bits -= PortableMath.Log(Probability(tokens[..i], tokens[i]));
        return bits / PortableMath.Log(2) / tokens.Length;
    }

    private double Probability(UInt128 key, int order)
    {
        if (!_contexts[order - 1].TryGetValue(NGramCounts.Context(key), out Context context)) return Shorter(key, order);
        return _counts[order].TryGetValue(key, out int count) ? (count - context.Discount) / context.Total : context.Factor * Shorter(key, order);
    }

    private double Shorter(UInt128 key, int order) => order == 1 ? 1.0 / _vocabSize : Probability(NGramCounts.Shorter(key, order), order - 1);

    /// <summary>What follows a context: the sum of the counts, what each lost, and the factor of the shorter context's answer for tokens that never followed.</summary>
    private readonly record struct Context(long Total, double Discount, double Factor);
}
