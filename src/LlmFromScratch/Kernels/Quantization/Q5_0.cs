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

    /// <summary>Rounds values to blocks: <c>d = x / -16</c> for the x of largest magnitude; <c>code = ⌊x / d + 16.5⌋</c>, at most 31.</summary>
    /// <param name="values">[n], n a multiple of 32.</param>
    /// <param name="blocks">[n / 32 · 22] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        Span<byte> codes = stackalloc byte[BlockSize];
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            float d = ScaleSearch.Extreme(values[..BlockSize]) / -16, inverse = d == 0 ? 0 : 1 / d;
            BinaryPrimitives.WriteUInt16LittleEndian(blocks, Half16.FromSingle(d));
            for (int i = 0; i < BlockSize; i++) codes[i] = (byte)Math.Min(31, (int)(values[i] * inverse + 16.5f));
            BinaryPrimitives.WriteUInt32LittleEndian(blocks[2..], BitFields.BitsAt(codes, 4));
            BitFields.PutNibbles(codes, blocks.Slice(6, 16));
        }
    }
}
