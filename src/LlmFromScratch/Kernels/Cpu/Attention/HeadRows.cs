using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Attention;

/// <summary>
/// The keys or values of one head as floats, page by page: where they lie for an F32 cache, else decoded into the worker's scratch. Decoding is exact,
/// so the sums above it have the bits of an F32 cache that holds the rounded values.
/// </summary>
internal readonly unsafe struct HeadRows
{
    private readonly DType _type;
    private readonly long _rowBytes;
    private readonly int _first, _size; // the head's values in a row of K·D
    private readonly float* _decoded; // [B, D]

    public HeadRows(in AttentionMemory at, int kvHead, int worker)
    {
        (_type, _rowBytes, _first, _size) = (at.CacheType, at.RowBytes, kvHead * at.HeadSize, at.HeadSize);
        _decoded = at.Decoded + (long)worker * at.BlockSize * at.HeadSize;
        Step = _type == DType.F32 ? at.RowBytes / sizeof(float) : at.HeadSize;
    }

    /// <summary>Floats from one position to the next in what <see cref="Read"/> returns.</summary>
    public long Step { get; }

    /// <summary>Scratch that one worker needs.</summary>
    public static int FloatsFor(KvPages pages) => pages.DType == DType.F32 ? 0 : pages.BlockSize * pages.HeadSize;

    /// <summary>[count, D] floats, <see cref="Step"/> apart, of consecutive positions in one page.</summary>
    /// <param name="rows">Where the first position's row starts in the cache.</param>
    /// <param name="count">Positions, at most to the end of the page.</param>
    public float* Read<TLanes>(byte* rows, int count) where TLanes : unmanaged, ILanes<TLanes>
    {
        if (_type == DType.F32) return (float*)rows + _first;
        for (int i = 0; i < count; i++, rows += _rowBytes)
        {
            if (_type == DType.F16) DecodeHalves<TLanes>((ushort*)rows + _first, _decoded + i * _size, _size);
            else DecodeBlocks<TLanes>(rows, _first, _decoded + i * _size, _size);
        }
        return _decoded;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeHalves<TLanes>(ushort* source, float* target, int size) where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= size - TLanes.Count; i += TLanes.Count) TLanes.LoadHalves(source + i).Store(target + i);
        for (; i < size; i++) target[i] = Half16.ToSingle(source[i]);
    }

    // Q8_0 blocks lie along the whole row, so a head may begin and end inside a block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeBlocks<TLanes>(byte* row, int first, float* target, int size) where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int end = first + size; first < end;)
        {
            byte* block = row + first / Q8_0.BlockSize * Q8_0.BlockBytes;
            int count = Math.Min(end - first, Q8_0.BlockSize - first % Q8_0.BlockSize), i = 0;
            sbyte* q = (sbyte*)block + sizeof(ushort) + first % Q8_0.BlockSize;
            float scale = Half16.ToSingle(*(ushort*)block);
            TLanes scales = TLanes.Broadcast(scale);
            for (; i <= count - TLanes.Count; i += TLanes.Count) (scales * TLanes.LoadSignedBytes(q + i)).Store(target + i);
            for (; i < count; i++) target[i] = scale * q[i];
            first += count;
            target += count;
        }
    }
}
