namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// A quantized format that packs values of one row into blocks. All of them say the same thing with more or fewer bits: a value is a small unsigned
/// code, and <c>value = d · scale · (level(code) - zero) - m · minimum</c>, where d and m are binary16 numbers of the block, scale and minimum are small
/// integers of a group of its values, and level is the code itself or an entry of a fixed table. Formats without inner scales have scale = 1, formats
/// without minimum have m = 0. Taught in notebooks/13-quantization.ipynb (to come).
/// </summary>
internal interface IBlockFormat
{
    /// <summary>Values a block: 32 or 256.</summary>
    static abstract int BlockSize { get; }

    /// <summary>Bytes a block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Bits a code: 2, 3, 4, 5, 6 or 8.</summary>
    static abstract int CodeBits { get; }

    /// <summary>Values that share an inner scale (and minimum): 16 or 32; 0 where the block has one scale for all.</summary>
    static virtual int GroupSize => 0;

    /// <summary>Whether the block has m.</summary>
    static virtual bool HasMinimum => false;

    /// <summary>What is taken from every level; 0 for formats with a minimum.</summary>
    static virtual int Zero => 0;

    /// <summary>The level of each 4-bit code, 16 bytes; empty where the level is the code.</summary>
    static virtual ReadOnlySpan<byte> Levels => [];

    /// <summary>Takes one block apart.</summary>
    /// <param name="block">[BlockBytes].</param>
    /// <param name="codes">[BlockSize] receives the codes in the order of the values.</param>
    /// <param name="scales">[BlockSize / GroupSize] receives the inner scales, if there are any.</param>
    /// <param name="minima">[BlockSize / GroupSize] receives the inner minima, if there are any.</param>
    /// <returns>d and m as binary16 bits.</returns>
    static abstract BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima);
}
