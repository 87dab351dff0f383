using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q6_K: 256 values in groups of 16. 128 bytes with the lower four bits of each code (byte 64n + l holds value 128n + l in its low and
/// 128n + 64 + l in its high half), 64 bytes with the upper two (byte 32n + l holds those of values 128n + l, + 32, + 64 and + 96 from its lowest
/// bits up), 16 signed bytes of scales, binary16 d; <c>value = d · scale · (code - 32)</c>. Source: ggml's block_q6_K.
/// </summary>
internal readonly struct Q6_K : IBlockFormat
{
    public static int BlockSize => 256;

    public static int BlockBytes => 210;

    public static int CodeBits => 6;

    public static int GroupSize => 16;

    public static int Zero => 32;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        for (int run = 0; run < 8; run++) // 32 values each
        {
            BitFields.Take(block.Slice(run / 4 * 64 + run % 2 * 32, 32), run / 2 % 2 * 4, 4, codes[(32 * run)..]);
            BitFields.AddAbove(block.Slice(128 + run / 4 * 32, 32), run % 4 * 2, 2, 4, codes[(32 * run)..]);
        }
        MemoryMarshal.Cast<byte, sbyte>(block.Slice(192, 16)).CopyTo(scales);
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block[208..]));
    }
}
