using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q8_0: 32 values share a binary16 scale d (2 bytes, little-endian), then 32 signed bytes q; <c>value = d · q</c>.
/// Source: ggml's block_q8_0. Taught in notebooks/13-quantization.ipynb (to come).
/// </summary>
internal static class Q8_0
{
    public const int BlockSize = 32, BlockBytes = 34;

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

    /// <summary><c>values = d · q</c>, exact in float: 11 bits of d times 8 bits of q.</summary>
    public static void Dequantize(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            float d = Half16.ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(blocks));
            for (int i = 0; i < BlockSize; i++) values[i] = d * (sbyte)blocks[2 + i];
        }
    }
}
