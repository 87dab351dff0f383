using LlmFromScratch.Diagnostics;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Inference;

/// <summary>
/// One timeline: the tokens so far, their cache, and the logits of the next token. Takes and gives ids and logits; knows nothing of text.
/// Prefill in one piece, in chunks, or token by token gives the same bits. Not thread-safe; sessions of one model take turns on its backend.
/// </summary>
public sealed class Session : IDisposable
{
    /// <summary>Tokens that a session holds when nobody says how many, unless the model was trained for fewer: caches of long contexts take gigabytes.</summary>
    public const int MostTokensUnasked = 4096;

    private readonly Transformer _model;
    private readonly SequenceBatch _batch; // of one sequence
    private readonly float[] _logits; // [V]

    /// <summary>An empty timeline.</summary>
    /// <param name="model">The model; not disposed by the session.</param>
    /// <param name="contextLength">Most tokens, which may exceed what the model was trained for; null for that length, at most <see cref="MostTokensUnasked"/>.</param>
    /// <param name="prefillRows">Most prompt tokens a forward call; a longer prompt runs in chunks.</param>
    /// <param name="cacheType">How past keys and values are stored: F32, F16 or Q8_0.</param>
    public Session(Transformer model, int? contextLength = null, int prefillRows = 256, DType cacheType = DType.F32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(prefillRows, 1);
        int context = contextLength ?? Math.Min(model.Config.ContextLength, MostTokensUnasked);
        if (context < 1) throw new ArgumentOutOfRangeException(nameof(contextLength), context, "Session: expected a context of at least 1 token.");
        _model = model;
        _batch = new SequenceBatch(model, 1, context, maxRows: Math.Min(prefillRows, context), cacheType: cacheType);
        _logits = new float[model.Config.VocabSize];
    }

    /// <summary>Most tokens that fit.</summary>
    public int ContextLength => _batch.ContextLength;

    /// <summary>Tokens so far.</summary>
    public int Length => _batch.Length(0);

    /// <summary>[Length] the tokens so far.</summary>
    public ReadOnlySpan<int> Ids => _batch.Ids(0);

    /// <summary>[V] the logits of the next token, valid until the next call; zeros before the first.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>Bytes of this session's key/value cache.</summary>
    public long CacheBytes => _batch.CacheBytes;

    /// <summary>Reads tokens and returns the logits of the token after the last.</summary>
    /// <param name="ids">At least one id; together with <see cref="Length"/> at most <see cref="ContextLength"/>.</param>
    /// <param name="observer">Sees every forward call, or null.</param>
    /// <param name="cancellation">Checked before each chunk; what was read stays read.</param>
    /// <exception cref="InvalidOperationException">The tokens do not fit into the context; nothing was read.</exception>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> ids, IForwardObserver? observer = null, CancellationToken cancellation = default)
    {
        if (ids.IsEmpty) throw new ArgumentException("Session: expected at least one token to read, got none.", nameof(ids));
        _batch.CheckIds(0, ids);
        for (int start = 0; start < ids.Length; start += _batch.MaxRows)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> chunk = ids.Slice(start, Math.Min(_batch.MaxRows, ids.Length - start));
            bool isLast = start + chunk.Length == ids.Length;
            _batch.AddRows(0, chunk, firstWanted: isLast ? chunk.Length - 1 : chunk.Length);
            Tensor logits = _batch.Forward(observer);
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
        _batch.CheckIds(0, ids);
        int vocab = _model.Config.VocabSize;
        float[] all = new float[ids.Length * vocab]; // [T, V]
        for (int start = 0; start < ids.Length; start += _batch.MaxWanted)
        {
            ReadOnlySpan<int> chunk = ids.Slice(start, Math.Min(_batch.MaxWanted, ids.Length - start));
            _batch.AddRows(0, chunk, firstWanted: 0);
            _model.Backend.Download(_batch.Forward(observer: null), all.AsSpan(start * vocab, chunk.Length * vocab));
        }
        return all;
    }

    /// <summary>Goes back to the first <paramref name="length"/> tokens; their cache is kept.</summary>
    public void Truncate(int length) => _batch.Truncate(0, length);

    /// <summary>
    /// Prompt reuse: goes back to where this timeline and <paramref name="ids"/> part, so that only the rest of them must be read. At least their last
    /// token is left to read, since its logits are asked for.
    /// </summary>
    /// <param name="ids">The whole text of the next reading, at least one id.</param>
    /// <returns>How many of them are read already.</returns>
    public int Reuse(ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty) throw new ArgumentException("Session: expected at least one token to read, got none.", nameof(ids));
        int common = Ids.CommonPrefixLength(ids[..^1]);
        Truncate(common);
        return common;
    }

    /// <summary>Frees cache, batch and activations.</summary>
    public void Dispose() => _batch.Dispose();
}
