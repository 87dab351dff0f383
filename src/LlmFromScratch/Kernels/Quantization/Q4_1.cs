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
}
