namespace LlmFromScratch.Sampling;

/// <summary>
/// The tokens that may still be chosen, each with its logit, always in the order of logit descending, lower id first among equals: then
/// top-k and top-p keep a prefix, and every machine breaks ties alike. One list is reused for every step and allocates nothing after the first.
/// </summary>
public sealed class CandidateList
{
    private readonly int[] _ids; // [V]: the first Count are the candidates
    private readonly float[] _logits; // [V]
    private readonly float[] _probabilities; // [V]
    private readonly LogitOrder _order = new();

    /// <summary>Room for a whole vocabulary.</summary>
    public CandidateList(int vocabSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, 1);
        (_ids, _logits, _probabilities) = (new int[vocabSize], new float[vocabSize], new float[vocabSize]);
    }

    /// <summary>How many candidates are left.</summary>
    public int Count { get; private set; }

    /// <summary>[Count] token ids, best first.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>[Count] logits, best first. A stage may scale them but must keep their order.</summary>
    public Span<float> Logits => _logits.AsSpan(0, Count);

    /// <summary>Starts a step with all tokens.</summary>
    /// <param name="logits">[V]; a NaN is refused, since no order holds it.</param>
    /// <exception cref="ArgumentException">Wrong length, or a NaN: the message names the token.</exception>
    public void Fill(ReadOnlySpan<float> logits)
    {
        if (logits.Length != _ids.Length)
            throw new ArgumentException($"CandidateList: made for {_ids.Length} tokens, got {logits.Length} logits.", nameof(logits));
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i])) throw new ArgumentException($"CandidateList: the logit of token {i} is NaN.", nameof(logits));
            (_ids[i], _logits[i]) = (i, logits[i]);
        }
        Count = logits.Length;
        _order.Sort(_logits, _ids);
    }

    /// <summary>Keeps the best <paramref name="count"/> candidates.</summary>
    public void KeepFirst(int count)
    {
        if (count < 1 || count > Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"CandidateList: expected 1 to {Count} candidates to keep.");
        Count = count;
    }

    /// <summary>[Count] probabilities of the candidates: softmax of their logits, renormalised over those that are left.</summary>
    public ReadOnlySpan<float> ComputeProbabilities()
    {
        Span<float> probabilities = _probabilities.AsSpan(0, Count);
        Probability.Softmax(Logits, probabilities);
        return probabilities;
    }

    // Sorts by logit descending, then id ascending. Array.Sort with two arrays would leave ties in any order.
    private sealed class LogitOrder
    {
        private ulong[] _keys = [];

        public void Sort(float[] logits, int[] ids)
        {
            if (_keys.Length != logits.Length) _keys = new ulong[logits.Length];
            for (int i = 0; i < ids.Length; i++)
            {
                uint bits = BitConverter.SingleToUInt32Bits(logits[i] + 0f); // + 0 turns -0 into +0, which must tie with it
                uint ascending = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000; // orders like the floats do
                _keys[i] = (ulong)~ascending << 32 | (uint)i;
            }
            Array.Sort(_keys);
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = (int)(uint)_keys[i];
                uint ascending = ~(uint)(_keys[i] >> 32);
                logits[i] = BitConverter.UInt32BitsToSingle((ascending & 0x80000000) != 0 ? ascending & 0x7FFFFFFF : ~ascending);
            }
        }
    }
}
