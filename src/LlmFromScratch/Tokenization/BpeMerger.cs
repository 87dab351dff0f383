namespace LlmFromScratch.Tokenization;

/// <summary>A piece of a text while it is being merged: bytes [Start, Start + Length), a link of a list. Length 0: merged into another.</summary>
internal struct Symbol
{
    public int Start, Length, Previous, Next, Id;
}

/// <summary>Which neighbours may become one symbol, and how soon.</summary>
internal interface IMergeRule
{
    /// <summary>Whether the two may merge; the lowest <paramref name="rank"/> (0 or more) goes first; <paramref name="id"/> is the new symbol's.</summary>
    bool TryMerge(in Symbol left, in Symbol right, out int rank, out int id);
}

/// <summary>
/// The heart of byte-pair encoding: of all neighbours that may merge, merge the pair of the lowest rank, the leftmost of equals, until none is
/// left. A queue holds the candidates and a linked list the symbols, so n symbols take O(n log n). One merger serves one call of Encode.
/// Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units", algorithm 1.
/// </summary>
internal sealed class BpeMerger
{
    private const int ShortWord = 24; // symbols up to which looking at all pairs again is faster than a queue; most words are shorter
    private const long NoMerge = long.MaxValue;

    private readonly PriorityQueue<(int Left, int Right, int Length, int Id), long> _candidates = new();

    /// <summary>Merges in place. The first symbol stays the head of the list; follow <see cref="Symbol.Next"/> until -1.</summary>
    /// <param name="symbols">[n], linked from 0 to n - 1, none empty.</param>
    /// <param name="rule">Which pairs merge.</param>
    public void Merge<TRule>(Span<Symbol> symbols, TRule rule) where TRule : struct, IMergeRule, allows ref struct
    {
        if (symbols.Length <= ShortWord)
        {
            MergeShort(symbols, rule);
            return;
        }
        for (int i = 1; i < symbols.Length; i++) Offer(symbols, i - 1, i, rule);
        while (_candidates.TryDequeue(out (int Left, int Right, int Length, int Id) pair, out _))
        {
            ref Symbol left = ref symbols[pair.Left];
            ref Symbol right = ref symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length) continue; // one of them was merged since
            (left.Length, left.Id, left.Next) = (pair.Length, pair.Id, right.Next);
            right.Length = 0;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = pair.Left;
                Offer(symbols, pair.Left, left.Next, rule);
            }
            if (left.Previous >= 0) Offer(symbols, left.Previous, pair.Left, rule);
        }
    }

    // The same by asking all pairs which goes first, n times at most.
    private static void MergeShort<TRule>(Span<Symbol> symbols, TRule rule) where TRule : struct, IMergeRule, allows ref struct
    {
        Span<(long Rank, int Id)> merges = stackalloc (long, int)[ShortWord]; // of each symbol with its right neighbour
        for (int i = 0; i < symbols.Length; i++) merges[i] = WithNext(symbols, i, rule);
        while (true)
        {
            (long lowest, int best) = (NoMerge, -1);
            for (int i = 0; i >= 0; i = symbols[i].Next)
                if (merges[i].Rank < lowest) (lowest, best) = (merges[i].Rank, i);
            if (best < 0) return;
            ref Symbol left = ref symbols[best];
            ref Symbol right = ref symbols[left.Next];
            (left.Length, left.Id, left.Next) = (left.Length + right.Length, merges[best].Id, right.Next);
            right.Length = 0;
            merges[best] = WithNext(symbols, best, rule);
            if (left.Next >= 0) symbols[left.Next].Previous = best;
            if (left.Previous >= 0) merges[left.Previous] = WithNext(symbols, left.Previous, rule);
        }
    }

    private static (long Rank, int Id) WithNext<TRule>(Span<Symbol> symbols, int i, TRule rule) where TRule : struct, IMergeRule, allows ref struct =>
        symbols[i].Next >= 0 && rule.TryMerge(symbols[i], symbols[symbols[i].Next], out int rank, out int id) ? (rank, id) : (NoMerge, -1);

    private void Offer<TRule>(Span<Symbol> symbols, int left, int right, TRule rule) where TRule : struct, IMergeRule, allows ref struct
    {
        if (!rule.TryMerge(symbols[left], symbols[right], out int rank, out int id)) return;
        long priority = ((long)rank << 32) | (uint)left; // by rank, then from the left
        _candidates.Enqueue((left, right, symbols[left].Length + symbols[right].Length, id), priority);
    }
}
