using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Inference;

/// <summary>
/// Several timelines over one cache that advance together: tokens of any of them are added, then one forward call reads all. A row's arithmetic never
/// looks at its neighbours, so each sequence gets the bits that it would get alone, while every weight is fetched from memory once for all rows.
/// A sequence can start as a fork of another and shares its cache until one of them writes (copy on write).
/// Takes and gives ids and logits; <see cref="Session"/> is the same for one timeline. Not thread-safe.
/// </summary>
public sealed class SequenceBatch : IDisposable
{
    private const int MostLogits = 4 << 20; // values kept for one call: 16 MiB, 27 rows of a vocabulary of 150,000
    private readonly Transformer _model;
    private readonly KvCache _cache;
    private readonly ForwardBatch _batch;
    private readonly RunState _state;
    private readonly int[][] _ids; // [sequences][ContextLength]: the tokens read so far
    private readonly float[] _logits; // [W, V] of the last run
    private readonly int[] _logitRow; // per sequence: its row of _logits, -1 for none

    /// <summary>Empty timelines, numbered 0 to <paramref name="sequenceCount"/> (exclusive).</summary>
    /// <param name="model">The model; not disposed with the batch.</param>
    /// <param name="sequenceCount">Timelines, at least 1.</param>
    /// <param name="contextLength">Most tokens of one sequence, at least 1.</param>
    /// <param name="tokenCapacity">Tokens that the cache holds in all sequences together, a shared prefix counted once; null for all contexts in full.</param>
    /// <param name="maxRows">Most tokens a forward call.</param>
    /// <param name="cacheType">How past keys and values are stored: F32, F16 or Q8_0.</param>
    /// <exception cref="NotSupportedException">The model's keys cannot be stored in that type.</exception>
    public SequenceBatch(Transformer model, int sequenceCount, int contextLength, int? tokenCapacity = null, int maxRows = 256, DType cacheType = DType.F32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        (_model, ContextLength, MaxRows) = (model, contextLength, maxRows);
        _cache = new KvCache(model.Backend, model.Config, tokenCapacity ?? checked(contextLength * sequenceCount), sequenceCount, type: cacheType);
        _batch = new ForwardBatch(model.Backend, maxRows, sequenceCount, (contextLength + _cache.BlockSize - 1) / _cache.BlockSize);
        int maxWanted = Math.Clamp(MostLogits / model.Config.VocabSize, Math.Min(sequenceCount, maxRows), maxRows);
        _state = new RunState(model.Backend, model.Config, maxRows, contextLength, maxWanted);
        _ids = Enumerable.Range(0, sequenceCount).Select(_ => new int[contextLength]).ToArray();
        _logits = new float[sequenceCount * model.Config.VocabSize];
        _logitRow = new int[sequenceCount];
        Array.Fill(_logitRow, -1);
    }

    /// <summary>Timelines.</summary>
    public int SequenceCount => _cache.SequenceCount;

    /// <summary>Most tokens of one sequence.</summary>
    public int ContextLength { get; }

    /// <summary>Most tokens a forward call.</summary>
    public int MaxRows { get; }

    /// <summary>Most tokens a forward call whose logits are wanted.</summary>
    internal int MaxWanted => _state.MaxWanted;

    /// <summary>Bytes of the key/value cache.</summary>
    public long CacheBytes => _cache.ByteLength;

    /// <summary>Tokens of a sequence so far, those added and not yet run included.</summary>
    public int Length(int sequence) => _cache.Length(sequence);

    /// <summary>The tokens of a sequence so far.</summary>
    public ReadOnlySpan<int> Ids(int sequence) => _ids[sequence].AsSpan(0, Length(sequence));

    /// <summary>Adds tokens of one sequence to the next <see cref="Run"/>.</summary>
    /// <param name="sequence">The timeline.</param>
    /// <param name="ids">At least one id of the vocabulary; with all others added, at most <see cref="MaxRows"/>.</param>
    /// <param name="wantLogits">Whether the logits after the last of them are wanted: not for a prompt whose end is still to come.</param>
    /// <exception cref="InvalidOperationException">Context, cache or call are full; nothing was added.</exception>
    public void Add(int sequence, ReadOnlySpan<int> ids, bool wantLogits = true)
    {
        AddRows(sequence, ids, wantLogits ? ids.Length - 1 : ids.Length);
        _logitRow[sequence] = wantLogits ? _batch.WantedCount - 1 : -1;
    }

    /// <summary>Reads all tokens added since the last run in one forward call.</summary>
    public void Run()
    {
        Tensor logits = Forward(observer: null); // [W, V]
        _model.Backend.Download(logits, _logits.AsSpan(0, (int)logits.Shape.Count));
    }

    /// <summary>[V] the logits of the token after a sequence's last, valid until the next run.</summary>
    /// <exception cref="InvalidOperationException">The last run was not asked for them.</exception>
    public ReadOnlySpan<float> Logits(int sequence) => _logitRow[sequence] >= 0
        ? _logits.AsSpan(_logitRow[sequence] * _model.Config.VocabSize, _model.Config.VocabSize)
        : throw new InvalidOperationException($"SequenceBatch: the last run has no logits of sequence {sequence}; add a token of it that wants them.");

    /// <summary>Goes back to the first <paramref name="length"/> tokens of a sequence; their cache is kept.</summary>
    public void Truncate(int sequence, int length)
    {
        RequireNothingAdded();
        _cache.Truncate(sequence, length);
        _logitRow[sequence] = -1;
    }

    /// <summary>Makes <paramref name="target"/>, which must be empty, a continuation of <paramref name="source"/>: the cache is shared, nothing is read again.</summary>
    public void Fork(int source, int target)
    {
        RequireNothingAdded();
        _cache.Fork(source, target);
        Ids(source).CopyTo(_ids[target]);
        _logitRow[target] = _logitRow[source];
    }

    /// <summary>Frees cache, batch and activations.</summary>
    public void Dispose()
    {
        _cache.Dispose();
        _batch.Dispose();
        _state.Dispose();
    }

    /// <summary>Adds tokens whose logits are wanted from row <paramref name="firstWanted"/> on.</summary>
    internal void AddRows(int sequence, ReadOnlySpan<int> ids, int firstWanted)
    {
        if (ids.IsEmpty) throw new ArgumentException("Session: expected at least one token to read, got none.", nameof(ids));
        if (ids.Length > MaxRows - _batch.RowCount) throw new InvalidOperationException(
            $"SequenceBatch: {_batch.RowCount} tokens are added and {ids.Length} more exceed the {MaxRows} of one call. Run first, or add fewer.");
        CheckIds(sequence, ids);
        int start = Length(sequence);
        _cache.Extend(sequence, ids.Length);
        _cache.Describe(sequence, _batch);
        for (int i = 0; i < ids.Length; i++) _batch.Add(ids[i], start + i, sequence, wantLogits: i >= firstWanted);
        ids.CopyTo(_ids[sequence].AsSpan(start));
    }

    /// <summary>Refuses ids that a sequence cannot read, before any work.</summary>
    internal void CheckIds(int sequence, ReadOnlySpan<int> ids)
    {
        if (ids.Length > ContextLength - Length(sequence)) throw new InvalidOperationException(
            $"Session: {Length(sequence)} tokens are read and {ids.Length} more exceed the context of {ContextLength}. Shorten the prompt or truncate the session.");
        foreach (int id in ids)
            if ((uint)id >= (uint)_model.Config.VocabSize) throw new ArgumentOutOfRangeException(nameof(ids), id,
                $"Session: expected token ids of 0 to {_model.Config.VocabSize - 1}.");
    }

    /// <summary>One forward call over the rows added; [W, V] on the device.</summary>
    internal Tensor Forward(IForwardObserver? observer)
    {
        if (_batch.RowCount == 0) throw new InvalidOperationException("SequenceBatch: nothing to run; add tokens first.");
        try
        {
            _batch.Commit();
            return _model.Forward(_batch, _cache.Layers, _state, observer);
        }
        finally
        {
            _batch.Clear();
        }
    }

    private void RequireNothingAdded()
    {
        if (_batch.RowCount > 0) throw new InvalidOperationException($"SequenceBatch: {_batch.RowCount} tokens are added and not yet read; run first.");
    }
}
