using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// The activations of one forward call, made once for the most rows a call may have. Views are cut for the rows of the present call and kept
/// while their number stays, so that decode steps allocate nothing.
/// </summary>
public sealed class RunState : IDisposable
{
    private readonly ModelConfig _config;
    private readonly Tensor _residual, _normed, _delta; // [rows, C]
    private readonly Tensor _query, _key, _value, _mixed; // [rows, H·D], [rows, K·D] twice, [rows, H·D]
    private readonly Tensor _gate, _up; // [rows, F], or [rows, U·F] for experts
    private readonly Tensor _hidden, _logits; // [wanted, C] and [wanted, V]
    private readonly Tensor? _routerLogits, _expertIds, _expertWeights, _answers; // [rows, E], [rows, U] twice, [rows, U·C]

    /// <summary>Allocates for calls of up to <paramref name="maxRows"/> rows.</summary>
    /// <param name="backend">Where the activations live.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="maxRows">Most token rows a call.</param>
    /// <param name="contextLength">
    /// Most tokens of a sequence; null for the length that the model was trained for. LongRoPE turns at other speeds in contexts beyond the original one.
    /// </param>
    /// <param name="maxWanted">Most rows of a call whose logits are wanted; null for all. A row of logits is as wide as the vocabulary.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has learned positions, and fewer than <paramref name="contextLength"/>.</exception>
    public RunState(IBackend backend, ModelConfig config, int maxRows, int? contextLength = null, int? maxWanted = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        (_config, MaxRows, MaxWanted, ContextLength) = (config, maxRows, maxWanted ?? maxRows, contextLength ?? config.ContextLength);
        if (config.Rope is null && ContextLength > config.ContextLength) throw new ArgumentOutOfRangeException(nameof(contextLength), contextLength,
            $"RunState: the model has learned {config.ContextLength} positions; expected a context of at most that many tokens.");
        (int c, int queries, int keys) = (config.EmbeddingSize, config.HeadCount * config.HeadSize, config.KvHeadCount * config.HeadSize);
        (_residual, _normed, _delta) = (Rows(c), Rows(c), Rows(c));
        (_query, _key, _value, _mixed) = (Rows(queries), Rows(keys), Rows(keys), Rows(queries));
        (_hidden, _logits) = (backend.Allocate(new Shape(MaxWanted, c)), backend.Allocate(new Shape(MaxWanted, config.VocabSize)));
        int hidden = config.Moe is null ? config.FeedForwardSize : config.Moe.UsedCount * config.Moe.FeedForwardSize;
        (_gate, _up) = (Rows(hidden), Rows(hidden));
        if (config.Moe is { } moe)
        {
            (_routerLogits, _expertWeights, _answers) = (Rows(moe.ExpertCount), Rows(moe.UsedCount), Rows(moe.UsedCount * c));
            _expertIds = backend.Allocate(new Shape(maxRows, moe.UsedCount), DType.I32);
        }
        Resize(maxRows, MaxWanted);

        Tensor Rows(int size) => backend.Allocate(new Shape(maxRows, size));
    }

    /// <summary>Most token rows of one call.</summary>
    public int MaxRows { get; }

    /// <summary>Most rows of one call whose logits are wanted.</summary>
    public int MaxWanted { get; }

    /// <summary>Most tokens of a sequence.</summary>
    public int ContextLength { get; }

    /// <summary>Views of the buffers for this call's T rows.</summary>
    internal RowViews Rows { get; private set; } = null!; // set by Resize in the constructor

    /// <summary>Views of the buffers for this call's W wanted rows.</summary>
    internal WantedViews Wanted { get; private set; } = null!; // set by Resize in the constructor

    /// <summary>Views of the buffers for the experts of this call's T rows; null for a model without.</summary>
    internal ExpertViews? Experts { get; private set; }

    /// <summary>Cuts the views for a call; nothing happens when the numbers are those of the last call.</summary>
    internal void Resize(int rowCount, int wantedCount)
    {
        if (rowCount > MaxRows) throw new ArgumentException($"RunState: made for {MaxRows} rows a call, got {rowCount}; split the batch.");
        if (wantedCount > MaxWanted) throw new ArgumentException($"RunState: made for logits of {MaxWanted} rows a call, got {wantedCount}; want fewer at a time.");
        if (Wanted?.Count != wantedCount) Wanted = new WantedViews(this, wantedCount);
        if (Rows?.Count == rowCount) return;
        Rows = new RowViews(this, rowCount, _config.HeadCount, _config.KvHeadCount, _config.HeadSize);
        if (_config.Moe is { } moe) Experts = new ExpertViews(this, rowCount, moe);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (Tensor? buffer in (ReadOnlySpan<Tensor?>)
            [_residual, _normed, _delta, _hidden, _query, _key, _value, _mixed, _gate, _up, _logits, _routerLogits, _expertIds, _expertWeights, _answers])
            buffer?.Dispose();
    }

    /// <summary>The activations of T rows.</summary>
    internal sealed class RowViews(RunState state, int count, int h, int k, int d)
    {
        public int Count { get; } = count;
        public Tensor Residual { get; } = state._residual.Slice(0, count); // [T, C]
        public Tensor Normed { get; } = state._normed.Slice(0, count); // [T, C]
        public Tensor Delta { get; } = state._delta.Slice(0, count); // [T, C]: what a sublayer adds to the residual
        public Tensor Query { get; } = state._query.Slice(0, count); // [T, H·D]
        public Tensor QueryHeads { get; } = state._query.Slice(0, count).Reshape(count, h, d); // [T, H, D]: same memory, seen per head
        public Tensor QueryRows { get; } = state._query.Slice(0, count).Reshape(count * h, d); // [T·H, D]: a head a row
        public Tensor Key { get; } = state._key.Slice(0, count); // [T, K·D]
        public Tensor KeyHeads { get; } = state._key.Slice(0, count).Reshape(count, k, d); // [T, K, D]
        public Tensor KeyRows { get; } = state._key.Slice(0, count).Reshape(count * k, d); // [T·K, D]
        public Tensor Value { get; } = state._value.Slice(0, count); // [T, K·D]
        public Tensor ValueHeads { get; } = state._value.Slice(0, count).Reshape(count, k, d); // [T, K, D]
        public Tensor Mixed { get; } = state._mixed.Slice(0, count); // [T, H·D]
        public Tensor MixedHeads { get; } = state._mixed.Slice(0, count).Reshape(count, h, d); // [T, H, D]
        public Tensor Gate { get; } = state._gate.Slice(0, count); // [T, F]
        public Tensor Up { get; } = state._up.Slice(0, count); // [T, F]
    }

    /// <summary>The activations of W wanted rows.</summary>
    internal sealed class WantedViews(RunState state, int count)
    {
        public int Count { get; } = count;
        public Tensor Hidden { get; } = state._hidden.Slice(0, count); // [W, C]
        public Tensor Logits { get; } = state._logits.Slice(0, count); // [W, V]
    }

    /// <summary>The activations of T rows in a model with experts.</summary>
    internal sealed class ExpertViews(RunState state, int count, MoeConfig moe)
    {
        public Tensor Logits { get; } = state._routerLogits!.Slice(0, count); // [T, E]; not null, like the others: allocated for a model with experts
        public Tensor Ids { get; } = state._expertIds!.Slice(0, count); // [T, U]
        public Tensor Weights { get; } = state._expertWeights!.Slice(0, count); // [T, U]
        public Tensor Gate { get; } = state._gate.Slice(0, count).Reshape(count, moe.UsedCount, moe.FeedForwardSize); // [T, U, F]
        public Tensor Up { get; } = state._up.Slice(0, count).Reshape(count, moe.UsedCount, moe.FeedForwardSize); // [T, U, F]
        public Tensor Answers { get; } = state._answers!.Slice(0, count).Reshape(count, moe.UsedCount, state._residual.Shape[1]); // [T, U, C]
    }
}
