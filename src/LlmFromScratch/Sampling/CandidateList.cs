using LlmFromScratch.Numerics;

namespace LlmFromScratch.Sampling;

/// <summary>
/// The tokens that may still be chosen, each with its logit. Who looks at <see cref="Ids"/> or <see cref="Logits"/> finds them best first, the lower id
/// first among equals: then top-k and top-p keep a prefix, and every machine breaks ties alike. Behind that, only as much is put in order as was asked
/// for, since most of a vocabulary is dropped unseen. One list is reused for every step and allocates nothing.
/// </summary>
public sealed class CandidateList
{
    private const int FirstLook = 64; // candidates that are put in order when nobody knows how many it takes
    private readonly int[] _ids; // [V]: the first Count are the candidates
    private readonly float[] _logits; // [V]
    private readonly float[] _probabilities; // [V]
    private readonly CandidateOrder _order;
    private int _ordered; // so many at the front are the best of all, in order

    /// <summary>Room for a whole vocabulary.</summary>
    public CandidateList(int vocabSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, 1);
        (_ids, _logits, _probabilities) = (new int[vocabSize], new float[vocabSize], new float[vocabSize]);
        _order = new CandidateOrder(vocabSize);
    }

    /// <summary>How many candidates are left.</summary>
    public int Count { get; private set; }

    /// <summary>[Count] token ids, best first.</summary>
    public ReadOnlySpan<int> Ids
    {
        get
        {
            PutInOrder(Count);
            return _ids.AsSpan(0, Count);
        }
    }

    /// <summary>[Count] logits, best first. A stage may scale them but must keep their order.</summary>
    public Span<float> Logits
    {
        get
        {
            PutInOrder(Count);
            return _logits.AsSpan(0, Count);
        }
    }

    /// <summary>[Count] logits in any order, for stages that treat all alike and keep their order.</summary>
    internal Span<float> UnorderedLogits => _logits.AsSpan(0, Count);

    /// <summary>Starts a step with all tokens.</summary>
    /// <param name="logits">[V]; -∞ means impossible, and at least one must be finite. A NaN is refused, since no order holds it, and so is +∞.</param>
    /// <exception cref="ArgumentException">Wrong length, a NaN or +∞ (the message names the token), or no token that is possible.</exception>
    public void Fill(ReadOnlySpan<float> logits)
    {
        if (logits.Length != _ids.Length)
            throw new ArgumentException($"CandidateList: made for {_ids.Length} tokens, got {logits.Length} logits.", nameof(logits));
        float best = float.NegativeInfinity;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i])) throw new ArgumentException($"CandidateList: the logit of token {i} is NaN.", nameof(logits));
            (_ids[i], _logits[i]) = (i, logits[i]);
            best = Math.Max(best, logits[i]);
        }
        if (float.IsNegativeInfinity(best)) throw new ArgumentException("CandidateList: all logits are -∞; expected at least one token that is possible.", nameof(logits));
        if (float.IsPositiveInfinity(best)) throw new ArgumentException($"CandidateList: the logit of token {logits.IndexOf(best)} is +∞.", nameof(logits));
        (Count, _ordered) = (logits.Length, 0);
    }

    /// <summary>The logit of a token, -∞ for one that is no candidate any more.</summary>
    public float GetLogit(int id) => IndexOf(id) is >= 0 and int index ? _logits[index] : float.NegativeInfinity;

    /// <summary>Gives a token another logit; one that is no candidate any more stays out.</summary>
    /// <param name="id">A token.</param>
    /// <param name="logit">Finite, or -∞ for impossible.</param>
    public void SetLogit(int id, float logit)
    {
        if (float.IsNaN(logit) || float.IsPositiveInfinity(logit))
            throw new ArgumentOutOfRangeException(nameof(logit), logit, $"CandidateList: token {id} gets the logit {logit}; expected a finite number or -∞.");
        if (IndexOf(id) is not (>= 0 and int index)) return;
        _logits[index] = logit;
        _ordered = 0;
    }

    /// <summary>Keeps the best <paramref name="count"/> candidates.</summary>
    public void KeepFirst(int count)
    {
        if (count < 1 || count > Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"CandidateList: expected 1 to {Count} candidates to keep.");
        PutInOrder(count);
        (Count, _ordered) = (count, Math.Min(_ordered, count));
    }

    /// <summary>Keeps the candidates that are marked; at least one must be.</summary>
    /// <param name="marks">[Count], in the order of <see cref="Ids"/>.</param>
    public void Keep(ReadOnlySpan<bool> marks)
    {
        if (marks.Length != Count || !marks.Contains(true))
            throw new ArgumentException($"CandidateList: expected {Count} marks and at least one true, got {marks.Length}.", nameof(marks));
        PutInOrder(Count);
        int kept = 0;
        for (int i = 0; i < marks.Length; i++)
            if (marks[i]) (_ids[kept], _logits[kept++]) = (_ids[i], _logits[i]);
        Count = _ordered = kept;
    }

    /// <summary>[Count] probabilities of the candidates, best first: softmax of their logits, renormalised over those that are left.</summary>
    public ReadOnlySpan<float> ComputeProbabilities()
    {
        Span<float> probabilities = _probabilities.AsSpan(0, Count);
        Probability.Softmax(Logits, probabilities);
        return probabilities;
    }

    /// <summary>The largest logit.</summary>
    /// <exception cref="InvalidOperationException">Every candidate is impossible.</exception>
    internal float Best()
    {
        PutInOrder(1);
        return _logits[0] > float.NegativeInfinity ? _logits[0] : throw new InvalidOperationException(
            "CandidateList: no token is possible any more: all logits are -∞. Does a logit bias exclude every token?");
    }

    /// <summary>How many of the best candidates it takes until their probabilities, summed, reach a number; 0 if all together do not.</summary>
    /// <param name="target">In [0, 1].</param>
    /// <param name="exceed">Whether the sum must be larger than the target; else it may equal it.</param>
    internal int CountToReach(double target, bool exceed)
    {
        double best = Best(), sum = PortableVectorMath.SumOfExp(UnorderedLogits, best), cumulative = 0;
        for (int i = 0; i < Count; i++)
        {
            if (i >= _ordered) PutInOrder(Math.Min(Count, Math.Max(FirstLook, 4 * i)));
            cumulative += (float)(PortableMath.Exp(_logits[i] - best) / sum);
            if (exceed ? cumulative > target : cumulative >= target) return i + 1;
        }
        return 0;
    }

    /// <summary>The token of rank <paramref name="rank"/>, 0 the best.</summary>
    internal int IdAt(int rank)
    {
        PutInOrder(rank + 1);
        return _ids[rank];
    }

    private void PutInOrder(int count)
    {
        if (count <= _ordered) return;
        _order.Apply(_logits.AsSpan(_ordered, Count - _ordered), _ids.AsSpan(_ordered, Count - _ordered), count - _ordered);
        _ordered = count;
    }

    // Right after Fill, a token lies at its own index.
    private int IndexOf(int id) => (uint)id < (uint)Count && _ids[id] == id ? id : _ids.AsSpan(0, Count).IndexOf(id);
}
