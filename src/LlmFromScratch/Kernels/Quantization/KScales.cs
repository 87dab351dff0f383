namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The eight 6-bit scales and minima of Q4_K and Q5_K in 12 bytes: the first four of each lie in the low six bits of bytes 0 to 3 and 4 to 7; of the
/// others, byte 8 + j holds the lower four bits of scale (low half) and minimum (high half), and the upper two stand in bits 6 and 7 of bytes j and 4 + j.
/// Source: ggml's get_scale_min_k4.
/// </summary>
internal static class KScales
{
    public const int Bytes = 12;

    public static void Unpack(ReadOnlySpan<byte> packed, Span<sbyte> scales, Span<sbyte> minima)
    {
        for (int j = 0; j < 4; j++)
        {
            scales[j] = (sbyte)(packed[j] & 63);
            minima[j] = (sbyte)(packed[4 + j] & 63);
            scales[4 + j] = (sbyte)(packed[8 + j] & 15 | packed[j] >> 6 << 4);
            minima[4 + j] = (sbyte)(packed[8 + j] >> 4 | packed[4 + j] >> 6 << 4);
        }
    }

    /// <summary>The other way; scales and minima are 0 to 63.</summary>
    public static void Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> minima, Span<byte> packed)
    {
        for (int j = 0; j < 4; j++)
        {
            packed[j] = (byte)(scales[j] | scales[4 + j] >> 4 << 6);
            packed[4 + j] = (byte)(minima[j] | minima[4 + j] >> 4 << 6);
            packed[8 + j] = (byte)(scales[4 + j] & 15 | minima[4 + j] << 4);
        }
    }
}
