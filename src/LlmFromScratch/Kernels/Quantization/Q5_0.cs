using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q5_0: a binary16 scale d, 4 bytes with the fifth bit of each code (bit i is value i's), then 16 bytes with the lower four as in
/// Q4_0; <c>value = d · (code - 16)</c>. Source: ggml's block_q5_0.
/// </summary>
internal readonly struct Q5_0 : IBlockFormat
{
    public static int BlockSize => 32;

    public static int BlockBytes => 22;

    public static int CodeBits => 5;

    public static int Zero => 16;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        BitFields.Take(block.Slice(6, 16), 0, 4, codes);
        BitFields.Take(block.Slice(6, 16), 4, 4, codes[16..]);
        BitFields.AddBits(BinaryPrimitives.ReadUInt32LittleEndian(block[2..]), 4, codes);
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block));
    }
}
