using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q5_1: binary16 scale d and minimum, then 5-bit codes as in Q5_0; <c>value = d · code + minimum</c>. Source: ggml's block_q5_1.
/// </summary>
internal readonly struct Q5_1 : IBlockFormat
{
    public static int BlockSize => 32;

    public static int BlockBytes => 24;

    public static int CodeBits => 5;

    public static bool HasMinimum => true;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        BitFields.Take(block.Slice(8, 16), 0, 4, codes);
        BitFields.Take(block.Slice(8, 16), 4, 4, codes[16..]);
        BitFields.AddBits(BinaryPrimitives.ReadUInt32LittleEndian(block[4..]), 4, codes);
        return BlockScale.OfMinimum(block);
    }

    /// <summary>Rounds values to blocks: <c>d = (max - min) / 31</c>, <c>code = ⌊(x - min) / d + 0.5⌋</c>.</summary>
    /// <param name="values">[n], n a multiple of 32.</param>
    /// <param name="blocks">[n / 32 · 24] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        Span<byte> codes = stackalloc byte[BlockSize];
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            float low = values[0], high = values[0];
            foreach (float value in values[..BlockSize]) (low, high) = (Math.Min(low, value), Math.Max(high, value));
            float d = (high - low) / 31, inverse = d == 0 ? 0 : 1 / d;
            BinaryPrimitives.WriteUInt16LittleEndian(blocks, Half16.FromSingle(d));
            BinaryPrimitives.WriteUInt16LittleEndian(blocks[2..], Half16.FromSingle(low));
            for (int i = 0; i < BlockSize; i++) codes[i] = (byte)Math.Min(31, (int)((values[i] - low) * inverse + 0.5f));
            BinaryPrimitives.WriteUInt32LittleEndian(blocks[4..], BitFields.BitsAt(codes, 4));
            BitFields.PutNibbles(codes, blocks.Slice(8, 16));
        }
    }
}
