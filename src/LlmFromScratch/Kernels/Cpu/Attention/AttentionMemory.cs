using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Attention;

/// <summary>Where an attention call reads and writes, and the sizes that its pointers are bound by; all checked at the door.</summary>
internal unsafe struct AttentionMemory
{
    /// <summary>[T, H, D].</summary>
    public float* Query, Output;

    /// <summary>[N, B, K·D] of <see cref="CacheType"/>.</summary>
    public byte* Keys, Values;

    public DType CacheType;

    /// <summary>Bytes from one position to the next in a page.</summary>
    public long RowBytes;

    /// <summary>[workers, 4 · H/K, ScoresPerLine].</summary>
    public float* Scores;

    /// <summary>[workers, B, D]: one page of one head as floats, for caches that are not.</summary>
    public float* Decoded;

    /// <summary>[T], [T] and [sequences, BlocksPerSequence].</summary>
    public int* Positions, Sequences, BlockTable;

    public int Rows, Heads, KvHeads, HeadSize, BlockSize, BlocksPerSequence, ScoresPerLine;

    /// <summary>Query heads a key/value head.</summary>
    public readonly int Group => Heads / KvHeads;

    /// <summary>Where a position of a sequence starts in the cache, in bytes.</summary>
    public readonly long OffsetOf(int* blocks, int position) =>
        ((long)blocks[position / BlockSize] * BlockSize + position % BlockSize) * RowBytes;
}
