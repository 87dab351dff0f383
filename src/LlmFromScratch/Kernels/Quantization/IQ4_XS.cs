using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format IQ4_XS: 256 values in groups of 32, each with the levels of <see cref="IQ4_NL"/>. Binary16 d, 2 bytes with the upper two bits of the
/// eight 6-bit scales (group g at bit 2g), 4 bytes with the lower four (two a byte), then 16 bytes of codes a group, packed as in Q4_0;
/// <c>value = d · (scale - 32) · (level(code) - 128)</c>. Source: ggml's block_iq4_xs.
/// </summary>
internal readonly struct IQ4_XS : IBlockFormat
{
    public static int BlockSize => 256;

    public static int BlockBytes => 136;

    public static int CodeBits => 4;

    public static int GroupSize => 32;

    public static int Zero => 128;

    public static ReadOnlySpan<byte> Levels => IQ4_NL.Levels;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        int high = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (int group = 0; group < 8; group++)
        {
            int low = block[4 + group / 2] >> (group % 2 * 4) & 15;
            scales[group] = (sbyte)((low | (high >> (2 * group) & 3) << 4) - 32);
            BitFields.Take(block.Slice(8 + 16 * group, 16), 0, 4, codes[(32 * group)..]);
            BitFields.Take(block.Slice(8 + 16 * group, 16), 4, 4, codes[(32 * group + 16)..]);
        }
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block));
    }
}
