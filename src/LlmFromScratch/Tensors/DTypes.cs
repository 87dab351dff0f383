namespace LlmFromScratch.Tensors;

/// <summary>Sizes of the storage types.</summary>
public static class DTypes
{
    /// <summary>Values a block: 1 for plain types, 32 for Q8_0. The last axis of a tensor is a multiple of it.</summary>
    public static int BlockSize(this DType dtype) => dtype == DType.Q8_0 ? 32 : 1;

    /// <summary>Bytes a block.</summary>
    public static int BlockBytes(this DType dtype) => dtype switch
    {
        DType.F32 or DType.I32 => 4,
        DType.F16 => 2,
        DType.Q8_0 => 34,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Unknown storage type."),
    };

    /// <summary>Bytes of <paramref name="count"/> values that lie in one row.</summary>
    /// <exception cref="ArgumentException"><paramref name="count"/> is no multiple of the block size.</exception>
    public static long ByteCount(this DType dtype, long count)
    {
        int blockSize = dtype.BlockSize();
        if (count % blockSize != 0) throw new ArgumentException(
            $"{dtype} stores blocks of {blockSize} values; expected a multiple of {blockSize}, got {count}.", nameof(count));
        return count / blockSize * dtype.BlockBytes();
    }
}
