using System.Runtime.InteropServices;
using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Inference;

/// <summary>
/// The keys and values of all past tokens of several sequences, in blocks of <see cref="BlockSize"/> tokens: a sequence holds a list of blocks, grows by
/// one block at a time, and can start as a fork of another with which it shares blocks until either writes (copy on write).
/// Kwon et al. 2023, PagedAttention, section 4. Taught in notebooks/12-kv-cache.ipynb (to come).
/// </summary>
public sealed class KvCache : IDisposable
{
    private const long MostLayerBytes = 2_000_000_000; // what one array holds, and what most devices give in one piece
    private readonly IBackend _backend;
    private readonly BlockAllocator _allocator;
    private readonly KvPages[] _layers;
    private readonly List<int>[] _blocks; // per sequence: its blocks in the order of positions
    private readonly int[] _lengths; // per sequence: cached tokens

    /// <summary>Allocates room for <paramref name="tokenCapacity"/> tokens, rounded up to whole blocks, shared by all sequences.</summary>
    /// <param name="backend">Where the cache lives.</param>
    /// <param name="config">Layers, key/value heads and head size.</param>
    /// <param name="tokenCapacity">Tokens in all sequences together.</param>
    /// <param name="sequenceCount">Sequences are numbered 0 to this (exclusive).</param>
    /// <param name="blockSize">Tokens a block.</param>
    /// <param name="type">How keys and values are stored: F32, or rounded to F16 or Q8_0 for half or about a quarter of the bytes.</param>
    /// <exception cref="NotSupportedException">A Q8_0 row would not be whole blocks.</exception>
    public KvCache(IBackend backend, ModelConfig config, int tokenCapacity, int sequenceCount = 1, int blockSize = 16, DType type = DType.F32)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokenCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        CheckType(config, type);
        long blocks = ((long)tokenCapacity + blockSize - 1) / blockSize, layerBytes = type.ByteCount(config.KvHeadCount * config.HeadSize) * blocks * blockSize;
        if (layerBytes > MostLayerBytes) throw new ArgumentOutOfRangeException(nameof(tokenCapacity), tokenCapacity,
            $"KvCache: {tokenCapacity} tokens take {layerBytes:N0} bytes of keys a layer; at most {MostLayerBytes:N0} are possible. Ask for a shorter context, or for a cache of F16 or Q8_0.");
        int blockCount = (int)blocks;
        (_backend, BlockSize, _allocator) = (backend, blockSize, new BlockAllocator(blockCount));
        Shape shape = new(blockCount, blockSize, config.KvHeadCount * config.HeadSize); // [N, B, K·D]
        _layers = Enumerable.Range(0, config.LayerCount)
            .Select(_ => new KvPages(backend.Allocate(shape, type), backend.Allocate(shape, type), config.KvHeadCount)).ToArray();
        _blocks = Enumerable.Range(0, sequenceCount).Select(_ => new List<int>(blockCount)).ToArray();
        _lengths = new int[sequenceCount];
    }

    /// <summary>Tokens a block.</summary>
    public int BlockSize { get; }

    /// <summary>Sequences that the cache can tell apart.</summary>
    public int SequenceCount => _lengths.Length;

    /// <summary>Blocks in all; one sequence can hold them all.</summary>
    public int BlockCount => _allocator.Count;

    /// <summary>Blocks that no sequence holds.</summary>
    public int FreeBlockCount => _allocator.FreeCount;

    /// <summary>[L] the pages of each layer, for the forward pass.</summary>
    public IReadOnlyList<KvPages> Layers => _layers;

    /// <summary>Bytes of keys and values: <c>2 · L · N · B · K · D</c> values of 4 bytes, 2 for F16, 34/32 for Q8_0.</summary>
    public long ByteLength => _layers.Sum(layer => layer.Keys.ByteLength + layer.Values.ByteLength);

    /// <summary>Tokens cached for a sequence.</summary>
    public int Length(int sequence) => _lengths[sequence];

    /// <summary>Makes room for <paramref name="count"/> more tokens of a sequence and counts them as cached; the next forward call must write them.</summary>
    /// <exception cref="InvalidOperationException">Too few blocks are free; the sequence is as it was.</exception>
    public void Extend(int sequence, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        List<int> blocks = _blocks[sequence];
        int start = _lengths[sequence], end = start + count;
        bool tailIsShared = count > 0 && start % BlockSize != 0 && _allocator.UseCount(blocks[^1]) > 1;
        int needed = (end + BlockSize - 1) / BlockSize - blocks.Count + (tailIsShared ? 1 : 0);
        if (needed > _allocator.FreeCount) throw new InvalidOperationException(
            $"KvCache: {count} more tokens of sequence {sequence} need {needed} blocks of {BlockSize}; {FreeBlockCount} of {BlockCount} are free. "
            + "Truncate a sequence or make the cache larger.");
        if (tailIsShared) blocks[^1] = CopyBlock(blocks[^1]);
        while (blocks.Count * BlockSize < end) blocks.Add(_allocator.Take());
        _lengths[sequence] = end;
    }

    /// <summary>Forgets all tokens of a sequence from <paramref name="length"/> on, for example to go back to a shared prompt.</summary>
    public void Truncate(int sequence, int length)
    {
        if (length < 0 || length > _lengths[sequence]) throw new ArgumentOutOfRangeException(nameof(length), length,
            $"KvCache: sequence {sequence} has {_lengths[sequence]} tokens; expected to keep 0 to that many.");
        List<int> blocks = _blocks[sequence];
        int kept = (length + BlockSize - 1) / BlockSize;
        for (int i = kept; i < blocks.Count; i++) _allocator.Release(blocks[i]);
        blocks.RemoveRange(kept, blocks.Count - kept);
        _lengths[sequence] = length;
    }

    /// <summary>Makes <paramref name="target"/>, which must be empty, a continuation of <paramref name="source"/>; values are copied only when one of them writes.</summary>
    public void Fork(int source, int target)
    {
        if (_lengths[target] != 0) throw new InvalidOperationException(
            $"KvCache: sequence {target} holds {_lengths[target]} tokens; expected an empty one. Truncate it to 0 first.");
        foreach (int block in _blocks[source])
        {
            _allocator.Share(block);
            _blocks[target].Add(block);
        }
        _lengths[target] = _lengths[source];
    }

    /// <summary>Writes a sequence's blocks into a batch's block table.</summary>
    public void Describe(int sequence, ForwardBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.SetBlocks(sequence, CollectionsMarshal.AsSpan(_blocks[sequence]));
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (KvPages layer in _layers)
        {
            layer.Keys.Dispose();
            layer.Values.Dispose();
        }
    }

    private static void CheckType(ModelConfig config, DType type)
    {
        if (!KvPages.IsCacheType(type)) throw new NotSupportedException($"KvCache: {type} is no type of cache; there are F32, F16 and Q8_0.");
        int rowSize = config.KvHeadCount * config.HeadSize;
        if (rowSize % type.BlockSize() != 0) throw new NotSupportedException(
            $"KvCache: {type} stores blocks of {type.BlockSize()} values, but this model's keys are {config.KvHeadCount} heads · {config.HeadSize} = {rowSize} "
            + "values a token, which is no multiple. Use F16 or F32.");
    }

    // The last block is shared and about to be written: this sequence gets its own copy.
    private int CopyBlock(int block)
    {
        int copy = _allocator.Take();
        foreach (KvPages layer in _layers)
        {
            _backend.Copy(layer.Keys.Slice(block, 1), layer.Keys.Slice(copy, 1));
            _backend.Copy(layer.Values.Slice(block, 1), layer.Values.Slice(copy, 1));
        }
        _allocator.Release(block);
        return copy;
    }
}
