using System.Numerics;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>
/// An n-gram model with modified Kneser-Ney smoothing (Chen and Goodman 1999, section 4.1.6): what counting can do, and so the mark that a neural model has to beat.
/// The longest context uses counts, shorter ones how many different tokens stood before; what the discounts take goes to the next shorter context, at last to all
/// tokens alike.
/// </summary>
public sealed class KneserNeyModel
{
    private const int Classes = 3; // discounts for counts of one, two, three and more

    private readonly int _bits, _vocabSize;
    private readonly Dictionary<ulong, int>[] _counts;       // [order - 1]: the n-gram's tokens, packed -> its count
    private readonly Dictionary<ulong, Context>[] _contexts; // [order - 1]: the tokens before the last, packed -> what followed
    private readonly double[][] _discounts;                  // [order - 1][class]

    /// <summary>Counts a text.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="vocabSize">V; <c>order · log2 V</c> must be at most 64: n-grams are packed into one number.</param>
    /// <param name="order">n: the tokens of the longest n-gram.</param>
    public KneserNeyModel(ReadOnlySpan<int> ids, int vocabSize, int order = 5)
    {
        _bits = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(vocabSize - 1)));
        if (order < 1 || order * _bits > 64) throw new ArgumentOutOfRangeException(nameof(order), order,
            $"KneserNeyModel: expected an order from 1 to {64 / _bits} for a vocabulary of {vocabSize}.");
        if (ids.Length < order) throw new ArgumentException($"KneserNeyModel: the text has {ids.Length} tokens; expected at least {order}.", nameof(ids));
        _vocabSize = vocabSize;
        (Order, _counts, _contexts, _discounts) = (order, new Dictionary<ulong, int>[order], new Dictionary<ulong, Context>[order], new double[order][]);
        _counts[order - 1] = CountLongest(ids);
        for (int n = order - 1; n >= 1; n--) _counts[n - 1] = CountKindsBefore(_counts[n], n);
        for (int n = 1; n <= order; n++)
        {
            _discounts[n - 1] = Discounts(_counts[n - 1].Values);
            _contexts[n - 1] = GroupByContext(_counts[n - 1]);
        }
    }

    /// <summary>n.</summary>
    public int Order { get; }

    /// <summary>
    /// <c>p(w | h) = max(0, c(h w) - D(c)) / c(h) + γ(h) · p(w | h without its first token)</c>, where γ(h) is what the discounts took from h.
    /// </summary>
    /// <param name="context">The tokens before; only the last n - 1 count.</param>
    /// <param name="token">w.</param>
    public double Probability(ReadOnlySpan<int> context, int token)
    {
        double probability = 1.0 / _vocabSize;
        for (int n = 1; n <= Math.Min(Order, context.Length + 1); n++)
        {
            ulong key = Pack(context[^(n - 1)..]);
            if (!_contexts[n - 1].TryGetValue(key, out Context seen)) break; // a longer context was not seen either
            double[] discounts = _discounts[n - 1];
            _counts[n - 1].TryGetValue((key << _bits) | (uint)token, out int count);
            double kept = count == 0 ? 0 : count - discounts[Math.Min(count, Classes) - 1];
            double taken = discounts[0] * seen.Ones + discounts[1] * seen.Twos + discounts[2] * seen.Mores;
            probability = (kept + taken * probability) / seen.Total;
        }
        return probability;
    }

    private Dictionary<ulong, int> CountLongest(ReadOnlySpan<int> ids)
    {
        ulong[] keys = new ulong[ids.Length - Order + 1];
        for (int i = 0; i < keys.Length; i++) keys[i] = Pack(ids.Slice(i, Order));
        Array.Sort(keys); // equal n-grams side by side: far fewer look-ups than tokens
        Dictionary<ulong, int> counts = [];
        for (int start = 0, end; start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] == keys[start]; end++) { }
            counts.Add(keys[start], end - start);
        }
        return counts;
    }

    // How many different tokens stood before each n-gram: every longer n-gram is one of them.
    private Dictionary<ulong, int> CountKindsBefore(Dictionary<ulong, int> longer, int order)
    {
        ulong mask = (1UL << (order * _bits)) - 1; // order is below the longest, whose bits are at most 64
        Dictionary<ulong, int> counts = [];
        foreach (ulong key in longer.Keys) CollectionsMarshal.GetValueRefOrAddDefault(counts, key & mask, out _)++;
        return counts;
    }

    // D_k = k - (k + 1) · Y · n_(k+1) / n_k with Y = n_1 / (n_1 + 2 n_2), n_k n-grams of count k; kept within 0 and k where a small text has few of them.
    private static double[] Discounts(IEnumerable<int> counts)
    {
        double[] kinds = new double[Classes + 2];
        foreach (int count in counts)
            if (count <= Classes + 1) kinds[count]++;
        double y = kinds[1] > 0 ? kinds[1] / (kinds[1] + 2 * kinds[2]) : 0;
        double[] discounts = new double[Classes];
        for (int k = 1; k <= Classes; k++) discounts[k - 1] = kinds[k] > 0 ? Math.Clamp(k - (k + 1) * y * kinds[k + 1] / kinds[k], 0, k) : 0;
        return discounts;
    }

    private Dictionary<ulong, Context> GroupByContext(Dictionary<ulong, int> counts)
    {
        Dictionary<ulong, Context> contexts = [];
        foreach ((ulong key, int count) in counts)
        {
            ref Context context = ref CollectionsMarshal.GetValueRefOrAddDefault(contexts, key >> _bits, out _);
            context = new Context(context.Total + count, context.Ones + (count == 1 ? 1 : 0), context.Twos + (count == 2 ? 1 : 0), context.Mores + (count > 2 ? 1 : 0));
        }
        return contexts;
    }

    private ulong Pack(ReadOnlySpan<int> ids)
    {
        ulong key = 0;
        foreach (int id in ids) key = (key << _bits) | (uint)id;
        return key;
    }

    // What followed a context: all counts together, and how many tokens followed once, twice, more often.
    private readonly record struct Context(int Total, int Ones, int Twos, int Mores);
}
