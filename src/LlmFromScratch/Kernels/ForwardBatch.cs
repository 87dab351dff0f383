using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels;

/// <summary>
/// The token rows of one forward call: each row has its id, its sequence and its position, and says whether its logits are wanted. Prefill is
/// many rows of one sequence, a decode step one row, continuous batching one row of each of many sequences: the same call.
/// Fill it with <see cref="Clear"/>, <see cref="SetBlocks"/>, <see cref="Add"/>, then <see cref="Commit"/> sends it to the device.
/// Reused from step to step; a step with as many rows as the last allocates nothing.
/// </summary>
public sealed class ForwardBatch : IDisposable
{
    private readonly IBackend _backend;
    private readonly int[] _ids, _positions, _sequences, _wanted, _table;
    private readonly Tensor _idsBuffer, _positionsBuffer, _sequencesBuffer, _wantedBuffer;
    private readonly int _blocksPerSequence;

    /// <summary>Room for rows, sequences and the blocks of each sequence.</summary>
    /// <param name="backend">The device that will run the batch.</param>
    /// <param name="maxRows">Most token rows in one call, at least 1.</param>
    /// <param name="maxSequences">Sequences are numbered 0 to this (exclusive).</param>
    /// <param name="blocksPerSequence">Most cache blocks of one sequence.</param>
    public ForwardBatch(IBackend backend, int maxRows, int maxSequences, int blocksPerSequence)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocksPerSequence, 1);
        (_backend, _blocksPerSequence, MaxRows) = (backend, blocksPerSequence, maxRows);
        (_ids, _positions, _sequences, _wanted) = (new int[maxRows], new int[maxRows], new int[maxRows], new int[maxRows]);
        _table = new int[maxSequences * blocksPerSequence];
        _idsBuffer = backend.Allocate(new Shape(maxRows), DType.I32);
        _positionsBuffer = backend.Allocate(new Shape(maxRows), DType.I32);
        _sequencesBuffer = backend.Allocate(new Shape(maxRows), DType.I32);
        _wantedBuffer = backend.Allocate(new Shape(maxRows), DType.I32);
        BlockTable = backend.Allocate(new Shape(maxSequences, blocksPerSequence), DType.I32);
        (Ids, Positions, Sequences, Wanted) = (_idsBuffer, _positionsBuffer, _sequencesBuffer, _wantedBuffer);
    }

    /// <summary>Most rows that fit.</summary>
    public int MaxRows { get; }

    /// <summary>Token rows added since the last <see cref="Clear"/> (T).</summary>
    public int RowCount { get; private set; }

    /// <summary>Rows whose logits are wanted (W).</summary>
    public int WantedCount { get; private set; }

    /// <summary>[T] I32 on the device: token ids.</summary>
    public Tensor Ids { get; private set; }

    /// <summary>[T] I32 on the device: each row's position in its sequence.</summary>
    public Tensor Positions { get; private set; }

    /// <summary>[T] I32 on the device: each row's sequence.</summary>
    public Tensor Sequences { get; private set; }

    /// <summary>[W] I32 on the device: the rows whose logits are wanted.</summary>
    public Tensor Wanted { get; private set; }

    /// <summary>[sequences, blocks a sequence] I32 on the device: which page holds positions b·B to (b+1)·B of a sequence.</summary>
    public Tensor BlockTable { get; }

    /// <summary>Forgets all rows; the block table stays.</summary>
    public void Clear() => RowCount = WantedCount = 0;

    /// <summary>Appends one token row.</summary>
    public void Add(int id, int position, int sequence, bool wantLogits)
    {
        if (RowCount == MaxRows) throw new InvalidOperationException($"ForwardBatch: all {MaxRows} rows are taken; run what is there and Clear.");
        (_ids[RowCount], _positions[RowCount], _sequences[RowCount]) = (id, position, sequence);
        if (wantLogits) _wanted[WantedCount++] = RowCount;
        RowCount++;
    }

    /// <summary>Says which cache pages hold a sequence, in the order of its positions.</summary>
    public void SetBlocks(int sequence, ReadOnlySpan<int> blocks)
    {
        if (blocks.Length > _blocksPerSequence) throw new ArgumentException(
            $"ForwardBatch: a sequence has at most {_blocksPerSequence} blocks, got {blocks.Length}.", nameof(blocks));
        blocks.CopyTo(_table.AsSpan(sequence * _blocksPerSequence, _blocksPerSequence));
    }

    /// <summary>Sends rows and block table to the device.</summary>
    public void Commit()
    {
        if (Ids.Shape[0] != RowCount)
        {
            Ids = _idsBuffer.Slice(0, RowCount);
            Positions = _positionsBuffer.Slice(0, RowCount);
            Sequences = _sequencesBuffer.Slice(0, RowCount);
        }
        if (Wanted.Shape[0] != WantedCount) Wanted = _wantedBuffer.Slice(0, WantedCount);
        _backend.Upload<int>(_ids.AsSpan(0, RowCount), Ids);
        _backend.Upload<int>(_positions.AsSpan(0, RowCount), Positions);
        _backend.Upload<int>(_sequences.AsSpan(0, RowCount), Sequences);
        _backend.Upload<int>(_wanted.AsSpan(0, WantedCount), Wanted);
        _backend.Upload<int>(_table, BlockTable);
    }

    /// <summary>Frees the device buffers.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in (ReadOnlySpan<Tensor>)[_idsBuffer, _positionsBuffer, _sequencesBuffer, _wantedBuffer, BlockTable]) tensor.Dispose();
    }
}
