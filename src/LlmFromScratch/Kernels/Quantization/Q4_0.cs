using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q4_0: a binary16 scale d, then 16 bytes of 4-bit codes; byte j holds value j in its low and value j + 16 in its high half;
/// <c>value = d · (code - 8)</c>. Source: ggml's block_q4_0.
/// </summary>
internal readonly struct Q4_0 : IBlockFormat
{
    public static int BlockSize => 32;

    public static int BlockBytes => 18;

    public static int CodeBits => 4;

    public static int Zero => 8;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        BitFields.Take(block.Slice(2, 16), 0, 4, codes);
        BitFields.Take(block.Slice(2, 16), 4, 4, codes[16..]);
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block));
    }
}
