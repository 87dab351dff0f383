using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q4_1: binary16 scale d and minimum, then 16 bytes of 4-bit codes as in Q4_0; <c>value = d · code + minimum</c>.
/// Source: ggml's block_q4_1.
/// </summary>
internal readonly struct Q4_1 : IBlockFormat
{
    public static int BlockSize => 32;

    public static int BlockBytes => 20;

    public static int CodeBits => 4;

    public static bool HasMinimum => true;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        BitFields.Take(block.Slice(4, 16), 0, 4, codes);
        BitFields.Take(block.Slice(4, 16), 4, 4, codes[16..]);
        return BlockScale.OfMinimum(block);
    }

    /// <summary>Rounds values to blocks: <c>d = (max - min) / 15</c>, <c>code = ⌊(x - min) / d + 0.5⌋</c>.</summary>
    /// <param name="values">[n], n a multiple of 32.</param>
    /// <param name="blocks">[n / 32 · 20] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        Span<byte> codes = stackalloc byte[BlockSize];
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            float low = values[0], high = values[0];
            foreach (float value in values[..BlockSize]) (low, high) = (Math.Min(low, value), Math.Max(high, value));
            float d = (high - low) / 15, inverse = d == 0 ? 0 : 1 / d;
            BinaryPrimitives.WriteUInt16LittleEndian(blocks, Half16.FromSingle(d));
            BinaryPrimitives.WriteUInt16LittleEndian(blocks[2..], Half16.FromSingle(low));
            for (int i = 0; i < BlockSize; i++) codes[i] = (byte)Math.Min(15, (int)((values[i] - low) * inverse + 0.5f));
            BitFields.PutNibbles(codes, blocks.Slice(4, 16));
        }
    }
}
