using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q5_1: binary16 scale d and minimum, then 5-bit codes as in Q5_0; <c>value = d · code + minimum</c>. Source: ggml's block_q5_1.
/// </summary>
internal readonly struct Q5_1 : IBlockFormat
{
    public static int BlockSize => 32;

    public static int BlockBytes => 24;

    public static int CodeBits => 5;

    public static bool HasMinimum => true;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        BitFields.Take(block.Slice(8, 16), 0, 4, codes);
        BitFields.Take(block.Slice(8, 16), 4, 4, codes[16..]);
        BitFields.AddBits(BinaryPrimitives.ReadUInt32LittleEndian(block[4..]), 4, codes);
        return BlockScale.OfMinimum(block);
    }
}
