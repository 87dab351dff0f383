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

    /// <summary>Rounds values to blocks: <see cref="KBlock"/> searches scales and minima, the codes follow.</summary>
    /// <param name="values">[n], n a multiple of 256.</param>
    /// <param name="blocks">[n / 256 · 176] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        Span<byte> codes = stackalloc byte[BlockSize];
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            KBlock.Quantize(values[..BlockSize], 31, -0.5f, 15, blocks, codes);
            blocks.Slice(16, 32).Clear();
            for (int i = 0; i < BlockSize; i++) blocks[16 + i % 32] |= (byte)(codes[i] >> 4 << (i / 32));
            for (int pair = 0; pair < 4; pair++) // 64 values each
            for (int l = 0; l < 32; l++)
                blocks[48 + 32 * pair + l] = (byte)(codes[64 * pair + l] & 15 | codes[64 * pair + 32 + l] << 4);
        }
    }
}
