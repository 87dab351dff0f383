using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q3_K: 256 values in groups of 16. 32 bytes with the third bit of each code (bit r of byte l is that of value 32r + l), 64 bytes with
/// the lower two as in Q2_K, 12 bytes of 6-bit scales, binary16 d; <c>value = d · (scale - 32) · (code - 4)</c>. Scale i has its lower four bits in
/// byte i mod 8 (low half for i below 8, else high) and its upper two in byte 8 + i mod 4, at bit 2 · (i / 4). Source: ggml's block_q3_K.
/// </summary>
internal readonly struct Q3_K : IBlockFormat
{
    public static int BlockSize => 256;

    public static int BlockBytes => 110;

    public static int CodeBits => 3;

    public static int GroupSize => 16;

    public static int Zero => 4;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        ReadOnlySpan<byte> packed = block.Slice(96, 12);
        for (int i = 0; i < 16; i++)
        {
            int low = packed[i % 8] >> (i / 8 * 4) & 15, high = packed[8 + i % 4] >> (i / 4 * 2) & 3;
            scales[i] = (sbyte)((low | high << 4) - 32);
        }
        for (int run = 0; run < 8; run++) // 32 values each
        {
            BitFields.Take(block.Slice(32 + run / 4 * 32, 32), run % 4 * 2, 2, codes[(32 * run)..]);
            BitFields.AddAbove(block[..32], run, 1, 2, codes[(32 * run)..]);
        }
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block[108..]));
    }
}
