using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q8_0: 32 values share a binary16 scale d (2 bytes, little-endian), then 32 signed bytes q; <c>value = d · q</c>.
/// The code is q + 128. Source: ggml's block_q8_0. Taught in notebooks/13-quantization.ipynb (to come).
/// </summary>
internal readonly struct Q8_0 : IBlockFormat
{
    public static int BlockSize => 32;

    public static int BlockBytes => 34;

    public static int CodeBits => 8;

    public static int Zero => 128;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        Vector128<byte> sign = Vector128.Create((byte)0x80); // q + 128 is q with its sign bit turned
        (Vector128.Create(block.Slice(2, 16)) ^ sign).CopyTo(codes);
        (Vector128.Create(block.Slice(18, 16)) ^ sign).CopyTo(codes[16..]);
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block));
    }

    /// <summary>Rounds values to blocks: <c>d = max|x| / 127</c>, <c>q = round(x / d)</c> with halves away from zero, as ggml does.</summary>
    /// <param name="values">[n], n a multiple of 32.</param>
    /// <param name="blocks">[n / 32 * 34] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            float max = 0;
            for (int i = 0; i < BlockSize; i++) max = Math.Max(max, Math.Abs(values[i]));
            float d = max / 127, inverse = d == 0 ? 0 : 1 / d;
            BinaryPrimitives.WriteUInt16LittleEndian(blocks, Half16.FromSingle(d));
            for (int i = 0; i < BlockSize; i++)
                blocks[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }
}
