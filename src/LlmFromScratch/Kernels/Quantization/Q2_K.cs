using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q2_K: 256 values in groups of 16. 16 bytes, each with a group's 4-bit scale (low half) and 4-bit minimum (high half); 64 bytes of
/// 2-bit codes, where byte 32n + l holds values 128n + l, + 32, + 64 and + 96 from its lowest bits up; binary16 d, then m;
/// <c>value = d · scale · code - m · minimum</c>. Source: ggml's block_q2_K.
/// </summary>
internal readonly struct Q2_K : IBlockFormat
{
    public static int BlockSize => 256;

    public static int BlockBytes => 84;

    public static int CodeBits => 2;

    public static int GroupSize => 16;

    public static bool HasMinimum => true;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        BitFields.Take(block[..16], 0, 4, MemoryMarshal.AsBytes(scales));
        BitFields.Take(block[..16], 4, 4, MemoryMarshal.AsBytes(minima));
        for (int run = 0; run < 8; run++) // 32 values each
            BitFields.Take(block.Slice(16 + run / 4 * 32, 32), run % 4 * 2, 2, codes[(32 * run)..]);
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block[80..]), BinaryPrimitives.ReadUInt16LittleEndian(block[82..]));
    }
}
