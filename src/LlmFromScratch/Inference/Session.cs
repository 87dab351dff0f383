using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Inference;

/// <summary>
/// One timeline: the tokens so far, their cache, and the logits of the next token. Takes and gives ids and logits; knows nothing of text.
/// Prefill in one piece, in chunks, or token by token gives the same bits. Not thread-safe; sessions of one model take turns on its backend.
/// </summary>
public sealed class Session : IDisposable
{
    private readonly Transformer _model;
    private readonly KvCache _cache;
    private readonly ForwardBatch _batch;
    private readonly RunState _state;
    private readonly float[] _logits; // [V]

    /// <summary>An empty timeline.</summary>
    /// <param name="model">The model; not disposed by the session.</param>
    /// <param name="contextLength">Most tokens; null for the length that the model was trained for, which a larger number may exceed.</param>
    /// <param name="prefillRows">Most prompt tokens a forward call; a longer prompt runs in chunks.</param>
    /// <param name="cacheType">How past keys and values are stored: F32, F16 or Q8_0.</param>
    public Session(Transformer model, int? contextLength = null, int prefillRows = 256, DType cacheType = DType.F32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(prefillRows, 1);
        ContextLength = contextLength ?? model.Config.ContextLength;
        if (ContextLength < 1) throw new ArgumentOutOfRangeException(nameof(contextLength), ContextLength, "Session: expected a context of at least 1 token.");
        prefillRows = Math.Min(prefillRows, ContextLength);
        _model = model;
        _cache = new KvCache(model.Backend, model.Config, ContextLength, type: cacheType);
        _batch = new ForwardBatch(model.Backend, prefillRows, 1, _cache.BlockCount);
        _state = new RunState(model.Backend, model.Config, prefillRows, ContextLength);
        _logits = new float[model.Config.VocabSize];
    }

    /// <summary>Most tokens that fit.</summary>
    public int ContextLength { get; }

    /// <summary>Tokens so far.</summary>
    public int Length => _cache.Length(0);

    /// <summary>[V] the logits of the next token, valid until the next call; zeros before the first.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>Bytes of this session's key/value cache.</summary>
    public long CacheBytes => _cache.ByteLength;

    /// <summary>Reads tokens and returns the logits of the token after the last.</summary>
    /// <param name="ids">At least one id; together with <see cref="Length"/> at most <see cref="ContextLength"/>.</param>
    /// <param name="observer">Sees every forward call, or null.</param>
    /// <param name="cancellation">Checked before each chunk; what was read stays read.</param>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> ids, IForwardObserver? observer = null, CancellationToken cancellation = default)
    {
        if (ids.IsEmpty) throw new ArgumentException("Session: expected at least one token to read, got none.", nameof(ids));
        CheckIds(ids);
        for (int start = 0; start < ids.Length; start += _batch.MaxRows)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> chunk = ids.Slice(start, Math.Min(_batch.MaxRows, ids.Length - start));
            bool isLast = start + chunk.Length == ids.Length;
            Tensor logits = Forward(chunk, firstWanted: isLast ? chunk.Length - 1 : chunk.Length, observer);
            if (isLast) _model.Backend.Download(logits, _logits.AsSpan());
        }
        return _logits;
    }

    /// <summary>Reads one token and returns the logits of the next. Allocates nothing on the CPU backend.</summary>
    public ReadOnlySpan<float> Decode(int id) => Prefill(new ReadOnlySpan<int>(in id));

    /// <summary>Reads tokens and returns the logits after each of them: what evaluation needs.</summary>
    /// <param name="ids">[T].</param>
    /// <returns>[T, V] row-major.</returns>
    public float[] Score(ReadOnlySpan<int> ids)
    {
        CheckIds(ids);
        int vocab = _model.Config.VocabSize;
        float[] all = new float[ids.Length * vocab]; // [T, V]
        for (int start = 0; start < ids.Length; start += _batch.MaxRows)
        {
            ReadOnlySpan<int> chunk = ids.Slice(start, Math.Min(_batch.MaxRows, ids.Length - start));
            Tensor logits = Forward(chunk, firstWanted: 0, observer: null);
            _model.Backend.Download(logits, all.AsSpan(start * vocab, chunk.Length * vocab));
        }
        return all;
    }

    /// <summary>Goes back to the first <paramref name="length"/> tokens; their cache is kept.</summary>
    public void Truncate(int length) => _cache.Truncate(0, length);

    /// <summary>Frees cache, batch and activations.</summary>
    public void Dispose()
    {
        _cache.Dispose();
        _batch.Dispose();
        _state.Dispose();
    }

    // Runs one chunk; logits are wanted for its rows from firstWanted on.
    private Tensor Forward(ReadOnlySpan<int> ids, int firstWanted, IForwardObserver? observer)
    {
        int start = Length;
        _cache.Extend(0, ids.Length);
        _batch.Clear();
        for (int i = 0; i < ids.Length; i++) _batch.Add(ids[i], start + i, sequence: 0, wantLogits: i >= firstWanted);
        _cache.Describe(0, _batch);
        _batch.Commit();
        return _model.Forward(_batch, _cache.Layers, _state, observer);
    }

    private void CheckIds(ReadOnlySpan<int> ids)
    {
        if (Length + ids.Length > ContextLength) throw new InvalidOperationException(
            $"Session: {Length} tokens are read and {ids.Length} more exceed the context of {ContextLength}. Shorten the prompt or truncate the session.");
        foreach (int id in ids)
            if ((uint)id >= (uint)_model.Config.VocabSize) throw new ArgumentOutOfRangeException(nameof(ids), id,
                $"Session: expected token ids of 0 to {_model.Config.VocabSize - 1}.");
    }
}
