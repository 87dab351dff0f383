namespace LlmFromScratch.Kernels.Quantization;

/// <summary>The definition of every block format's values, by the one formula of <see cref="IBlockFormat"/>.</summary>
internal static class BlockCodec
{
    /// <summary>Decodes a row of whole blocks. Products of d and an inner scale are exact in float; each value is rounded as ggml rounds it.</summary>
    public static void Decode<TFormat>(ReadOnlySpan<byte> row, Span<float> values) where TFormat : IBlockFormat
    {
        int size = TFormat.BlockSize, groupSize = TFormat.GroupSize == 0 ? size : TFormat.GroupSize;
        Span<byte> codes = stackalloc byte[size];
        Span<sbyte> scales = stackalloc sbyte[BlockScale.MostGroups], minima = stackalloc sbyte[BlockScale.MostGroups];
        scales.Fill(1);
        minima.Fill(1);
        for (; values.Length > 0; values = values[size..], row = row[TFormat.BlockBytes..])
        {
            BlockScale block = TFormat.Unpack(row[..TFormat.BlockBytes], codes, scales, minima);
            float d = Half16.ToSingle(block.D), m = Half16.ToSingle(block.M);
            for (int i = 0; i < size; i++)
            {
                int group = i / groupSize, level = TFormat.Levels.IsEmpty ? codes[i] : TFormat.Levels[codes[i]];
                float value = d * scales[group] * (level - TFormat.Zero);
                values[i] = TFormat.HasMinimum ? value - m * minima[group] : value;
            }
        }
    }
}
