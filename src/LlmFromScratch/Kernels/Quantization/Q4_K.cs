using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q4_K: 256 values in groups of 32. Binary16 d and m, 12 bytes with eight 6-bit scales and minima (<see cref="KScales"/>), then 128 bytes
/// of 4-bit codes, where byte 32p + l holds value 64p + l in its low and 64p + 32 + l in its high half;
/// <c>value = d · scale · code - m · minimum</c>. Source: ggml's block_q4_K.
/// </summary>
internal readonly struct Q4_K : IBlockFormat
{
    public static int BlockSize => 256;

    public static int BlockBytes => 144;

    public static int CodeBits => 4;

    public static int GroupSize => 32;

    public static bool HasMinimum => true;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        KScales.Unpack(block.Slice(4, KScales.Bytes), scales, minima);
        for (int run = 0; run < 8; run++) // 32 values each
            BitFields.Take(block.Slice(16 + run / 2 * 32, 32), run % 2 * 4, 4, codes[(32 * run)..]);
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block), BinaryPrimitives.ReadUInt16LittleEndian(block[2..]));
    }

    /// <summary>Rounds values to blocks: <see cref="KBlock"/> searches scales and minima, the codes follow.</summary>
    /// <param name="values">[n], n a multiple of 256.</param>
    /// <param name="blocks">[n / 256 · 144] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        Span<byte> codes = stackalloc byte[BlockSize];
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            KBlock.Quantize(values[..BlockSize], 15, -1, 20, blocks, codes);
            for (int pair = 0; pair < 4; pair++) // 64 values each
            for (int l = 0; l < 32; l++)
                blocks[16 + 32 * pair + l] = (byte)(codes[64 * pair + l] | codes[64 * pair + 32 + l] << 4);
        }
    }
}
