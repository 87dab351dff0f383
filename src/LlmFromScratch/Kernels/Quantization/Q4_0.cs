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

    /// <summary>Rounds values to blocks: <c>d = x / -8</c> for the x of largest magnitude, which so gets code 0; <c>code = ⌊x / d + 8.5⌋</c>, at most 15.</summary>
    /// <param name="values">[n], n a multiple of 32.</param>
    /// <param name="blocks">[n / 32 · 18] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        Span<byte> codes = stackalloc byte[BlockSize];
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            float d = ScaleSearch.Extreme(values[..BlockSize]) / -8, inverse = d == 0 ? 0 : 1 / d;
            BinaryPrimitives.WriteUInt16LittleEndian(blocks, Half16.FromSingle(d));
            for (int i = 0; i < BlockSize; i++) codes[i] = (byte)Math.Min(15, (int)(values[i] * inverse + 8.5f));
            BitFields.PutNibbles(codes, blocks.Slice(2, 16));
        }
    }
}
