using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// The activations of one forward call, made once for the most rows a call may have. Views are cut for the rows of the present call and kept
/// while their number stays, so that decode steps allocate nothing.
/// </summary>
public sealed class RunState : IDisposable
{
    private readonly Tensor[] _buffers;

    /// <summary>Allocates for calls of up to <paramref name="maxRows"/> rows.</summary>
    public RunState(IBackend backend, ModelConfig config, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        (int c, int h, int k, int d) = (config.EmbeddingSize, config.HeadCount, config.KvHeadCount, config.HeadSize);
        MaxRows = maxRows;
        _buffers =
        [
            backend.Allocate(new Shape(maxRows, c)), backend.Allocate(new Shape(maxRows, c)), backend.Allocate(new Shape(maxRows, c)),
            backend.Allocate(new Shape(maxRows, h * d)), backend.Allocate(new Shape(maxRows, k * d)), backend.Allocate(new Shape(maxRows, k * d)),
            backend.Allocate(new Shape(maxRows, h * d)),
            backend.Allocate(new Shape(maxRows, config.FeedForwardSize)), backend.Allocate(new Shape(maxRows, config.FeedForwardSize)),
            backend.Allocate(new Shape(maxRows, c)), backend.Allocate(new Shape(maxRows, config.VocabSize)),
        ];
        Rows = new RowViews(_buffers, maxRows, h, k, d);
        Wanted = new WantedViews(_buffers, maxRows);
    }

    /// <summary>Most token rows of one call.</summary>
    public int MaxRows { get; }

    /// <summary>Views of the buffers for this call's T rows.</summary>
    internal RowViews Rows { get; private set; }

    /// <summary>Views of the buffers for this call's W wanted rows.</summary>
    internal WantedViews Wanted { get; private set; }

    /// <summary>Cuts the views for a call; nothing happens when the numbers are those of the last call.</summary>
    internal void Resize(int rowCount, int wantedCount, ModelConfig config)
    {
        if (rowCount > MaxRows) throw new ArgumentException($"RunState: made for {MaxRows} rows a call, got {rowCount}; split the batch.");
        if (Rows.Count != rowCount) Rows = new RowViews(_buffers, rowCount, config.HeadCount, config.KvHeadCount, config.HeadSize);
        if (Wanted.Count != wantedCount) Wanted = new WantedViews(_buffers, wantedCount);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (Tensor buffer in _buffers) buffer.Dispose();
    }

    /// <summary>The activations of T rows.</summary>
    internal sealed class RowViews(Tensor[] buffers, int count, int h, int k, int d)
    {
        public int Count { get; } = count;
        public Tensor Residual { get; } = buffers[0].Slice(0, count); // [T, C]
        public Tensor Normed { get; } = buffers[1].Slice(0, count); // [T, C]
        public Tensor Delta { get; } = buffers[2].Slice(0, count); // [T, C]: what a sublayer adds to the residual
        public Tensor Query { get; } = buffers[3].Slice(0, count); // [T, H·D]
        public Tensor QueryHeads { get; } = buffers[3].Slice(0, count).Reshape(count, h, d); // [T, H, D]: same memory, seen per head
        public Tensor Key { get; } = buffers[4].Slice(0, count); // [T, K·D]
        public Tensor KeyHeads { get; } = buffers[4].Slice(0, count).Reshape(count, k, d); // [T, K, D]
        public Tensor Value { get; } = buffers[5].Slice(0, count); // [T, K·D]
        public Tensor ValueHeads { get; } = buffers[5].Slice(0, count).Reshape(count, k, d); // [T, K, D]
        public Tensor Mixed { get; } = buffers[6].Slice(0, count); // [T, H·D]
        public Tensor MixedHeads { get; } = buffers[6].Slice(0, count).Reshape(count, h, d); // [T, H, D]
        public Tensor Gate { get; } = buffers[7].Slice(0, count); // [T, F]
        public Tensor Up { get; } = buffers[8].Slice(0, count); // [T, F]
    }

    /// <summary>The activations of W wanted rows.</summary>
    internal sealed class WantedViews(Tensor[] buffers, int count)
    {
        public int Count { get; } = count;
        public Tensor Hidden { get; } = buffers[9].Slice(0, count); // [W, C]
        public Tensor Logits { get; } = buffers[10].Slice(0, count); // [W, V]
    }
}
