namespace LlmFromScratch.Tensors;

/// <summary>Sizes of the storage types.</summary>
public static class DTypes
{
    /// <summary>Values a block: 1 for plain types, 32 or 256 for quantized ones. The last axis of a tensor is a multiple of it.</summary>
    public static int BlockSize(this DType dtype) => dtype switch
    {
        DType.Q8_0 or DType.Q4_0 or DType.Q4_1 or DType.Q5_0 or DType.Q5_1 or DType.IQ4_NL => 32,
        DType.Q2_K or DType.Q3_K or DType.Q4_K or DType.Q5_K or DType.Q6_K or DType.IQ4_XS => 256,
        _ => 1,
    };

    /// <summary>Bytes a block.</summary>
    public static int BlockBytes(this DType dtype) => dtype switch
    {
        DType.F32 or DType.I32 => 4,
        DType.F16 or DType.BF16 => 2,
        DType.Q8_0 => 34,
        DType.Q4_0 or DType.IQ4_NL => 18,
        DType.Q4_1 => 20,
        DType.Q5_0 => 22,
        DType.Q5_1 => 24,
        DType.Q2_K => 84,
        DType.Q3_K => 110,
        DType.Q4_K => 144,
        DType.Q5_K => 176,
        DType.Q6_K => 210,
        DType.IQ4_XS => 136,
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
