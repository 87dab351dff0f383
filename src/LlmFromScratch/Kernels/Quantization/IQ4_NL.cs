namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format IQ4_NL: packed as Q4_0, but a code names one of 16 levels that lie closer together near zero, where most weights are;
/// <c>value = d · (level(code) - 128)</c>. Source: ggml's block_iq4_nl and its table kvalues_iq4nl, kept here with 128 added.
/// </summary>
internal readonly struct IQ4_NL : IBlockFormat
{
    public static int BlockSize => 32;

    public static int BlockBytes => 18;

    public static int CodeBits => 4;

    public static int Zero => 128;

    public static ReadOnlySpan<byte> Levels => [1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241];

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima) =>
        Q4_0.Unpack(block, codes, scales, minima);
}
