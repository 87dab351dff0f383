using System.Buffers.Binary;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels;

/// <summary>Weights of random blocks: every code, inner scale and minimum occurs, and the block's own scales keep values within about 3.</summary>
internal static class RandomBlocks
{
    public static Tensor Weight(DType dtype, int rows, int size, ulong seed)
    {
        Tensor weight = Tensor.Zeros(new Shape(rows, size), dtype);
        SeededRandom random = new(seed);
        foreach (ref byte value in weight.Bytes) value = (byte)(random.NextSingle() * 256);
        ((int At, double Most)[] Halves, int Bytes) layout = (HalvesOf(dtype), dtype.BlockBytes());
        for (int block = 0; block < weight.Bytes.Length; block += layout.Bytes)
            foreach ((int at, double most) in layout.Halves)
                BinaryPrimitives.WriteHalfLittleEndian(weight.Bytes[(block + at)..], (Half)(most * (0.5 + 0.5 * random.NextSingle())));
        return weight;
    }

    // Where a block's binary16 numbers stand, and how large they may be: 3 divided by the largest inner scale and code.
    private static (int At, double Most)[] HalvesOf(DType dtype) => dtype switch
    {
        DType.Q8_0 => [(0, 3.0 / 128)],
        DType.Q4_0 => [(0, 3.0 / 8)],
        DType.Q4_1 => [(0, 3.0 / 15), (2, -1.5)],
        DType.Q5_0 => [(0, 3.0 / 16)],
        DType.Q5_1 => [(0, 3.0 / 31), (2, -1.5)],
        DType.Q2_K => [(80, 3.0 / (15 * 3)), (82, 1.5 / 15)],
        DType.Q3_K => [(108, 3.0 / (32 * 4))],
        DType.Q4_K => [(0, 3.0 / (63 * 15)), (2, 1.5 / 63)],
        DType.Q5_K => [(0, 3.0 / (63 * 31)), (2, 1.5 / 63)],
        DType.Q6_K => [(208, 3.0 / (128 * 32))],
        DType.IQ4_NL => [(0, 3.0 / 127)],
        DType.IQ4_XS => [(0, 3.0 / (32 * 127))],
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Not a block format."),
    };
}
