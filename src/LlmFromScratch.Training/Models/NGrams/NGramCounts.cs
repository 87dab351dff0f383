using System.Runtime.InteropServices;

namespace LlmFromScratch.Training.Models.NGrams;

/// <summary>How often each run of 1 to n tokens occurs in a text. Up to five ids share one key of 128 bits.</summary>
internal sealed class NGramCounts
{
    public const int MaxOrder = 5, BitsPerId = 24, MaxId = (1 << BitsPerId) - 2; // ids are stored plus 1, so that no run is another with zeros before it

    private readonly Dictionary<UInt128, int>[] _counts; // [order - 1]

    public NGramCounts(int order)
    {
        _counts = new Dictionary<UInt128, int>[order];
        for (int i = 0; i < order; i++) _counts[i] = [];
    }

    /// <summary>The runs of one length with their counts.</summary>
    public Dictionary<UInt128, int> this[int order] => _counts[order - 1];

    /// <summary>Counts all runs of a text.</summary>
    public void Add(ReadOnlySpan<int> tokens)
    {
        for (int end = 1; end <= tokens.Length; end++)
        for (int order = 1; order <= Math.Min(_counts.Length, end); order++)
            Increment(this[order], Key(tokens[(end - order)..end]));
    }

    /// <summary>Checks what an n-gram model is made from.</summary>
    public static void Check(string model, ReadOnlySpan<int> tokens, int order, int vocabSize)
    {
        if (order is < 1 or > MaxOrder) throw new ArgumentOutOfRangeException(nameof(order), order, $"{model}: expected an order of 1 to {MaxOrder}.");
        if (vocabSize is < 1 or > MaxId) throw new ArgumentOutOfRangeException(nameof(vocabSize), vocabSize, $"{model}: expected 1 to {MaxId} tokens.");
        if (tokens.Length < order) throw new ArgumentException($"{model}: the text has {tokens.Length} tokens; expected at least {order}.", nameof(tokens));
        foreach (int token in tokens)
            if ((uint)token >= (uint)vocabSize) throw new ArgumentOutOfRangeException(nameof(tokens), token, $"{model}: expected ids in [0, {vocabSize}).");
    }

    public static UInt128 Key(ReadOnlySpan<int> tokens)
    {
        UInt128 key = 0;
        foreach (int token in tokens) key = (key << BitsPerId) | (uint)(token + 1);
        return key;
    }

    /// <summary>The run without its last token: the context.</summary>
    public static UInt128 Context(UInt128 key) => key >> BitsPerId;

    /// <summary>The run without its first token.</summary>
    public static UInt128 Shorter(UInt128 key, int order) => key & ((UInt128.One << (BitsPerId * (order - 1))) - 1);

    public static void Increment(Dictionary<UInt128, int> counts, UInt128 key) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
}
