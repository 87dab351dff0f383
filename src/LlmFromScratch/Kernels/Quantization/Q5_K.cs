using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q5_K: as Q4_K, with 32 bytes between scales and codes that hold the fifth bits: bit r of byte l is that of value 32r + l;
/// <c>value = d · scale · code - m · minimum</c>. Source: ggml's block_q5_K.
/// </summary>
internal readonly struct Q5_K : IBlockFormat
{
    public static int BlockSize => 256;

    public static int BlockBytes => 176;

    public static int CodeBits => 5;

    public static int GroupSize => 32;

    public static bool HasMinimum => true;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        KScales.Unpack(block.Slice(4, KScales.Bytes), scales, minima);
        for (int run = 0; run < 8; run++) // 32 values each
        {
            BitFields.Take(block.Slice(48 + run / 2 * 32, 32), run % 2 * 4, 4, codes[(32 * run)..]);
            BitFields.AddAbove(block.Slice(16, 32), run, 1, 4, codes[(32 * run)..]);
        }
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block), BinaryPrimitives.ReadUInt16LittleEndian(block[2..]));
    }
}
