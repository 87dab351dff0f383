using System.Buffers.Binary;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>What Q4_K and Q5_K share when they are written: the search over eight groups, d, m and the packed scales; then the codes for what was stored.</summary>
internal static class KBlock
{
    private const int GroupSize = 32, Groups = 8, MostScale = 63;

    /// <summary>Writes d, m and the scales to the first 16 bytes of a block and gives the codes.</summary>
    /// <param name="values">[256].</param>
    /// <param name="most">Largest code.</param>
    /// <param name="narrowest">Of <see cref="ScaleSearch.WithMinimum"/>.</param>
    /// <param name="steps">Of <see cref="ScaleSearch.WithMinimum"/>.</param>
    /// <param name="block">At least 16 bytes.</param>
    /// <param name="codes">[256].</param>
    public static void Quantize(ReadOnlySpan<float> values, int most, float narrowest, int steps, Span<byte> block, Span<byte> codes)
    {
        Span<float> scales = stackalloc float[Groups], minima = stackalloc float[Groups];
        float mostScale = 0, mostMinimum = 0;
        for (int g = 0; g < Groups; g++)
        {
            (scales[g], minima[g]) = ScaleSearch.WithMinimum(values.Slice(g * GroupSize, GroupSize), most, narrowest, steps, codes.Slice(g * GroupSize, GroupSize));
            (mostScale, mostMinimum) = (Math.Max(mostScale, scales[g]), Math.Max(mostMinimum, minima[g]));
        }
        ushort d = Half16.FromSingle(mostScale / MostScale), m = Half16.FromSingle(mostMinimum / MostScale);
        BinaryPrimitives.WriteUInt16LittleEndian(block, d);
        BinaryPrimitives.WriteUInt16LittleEndian(block[2..], m);
        float inverseScale = mostScale > 0 ? MostScale / mostScale : 0, inverseMinimum = mostMinimum > 0 ? MostScale / mostMinimum : 0;
        Span<byte> packedScales = stackalloc byte[Groups], packedMinima = stackalloc byte[Groups];
        for (int g = 0; g < Groups; g++)
        {
            packedScales[g] = (byte)ScaleSearch.Nearest(inverseScale * scales[g], 0, MostScale);
            packedMinima[g] = (byte)ScaleSearch.Nearest(inverseMinimum * minima[g], 0, MostScale);
            float scale = Half16.ToSingle(d) * packedScales[g], minimum = Half16.ToSingle(m) * packedMinima[g];
            if (scale == 0) continue; // the codes of the search: they stand for nothing
            for (int i = g * GroupSize; i < (g + 1) * GroupSize; i++) codes[i] = (byte)ScaleSearch.Nearest((values[i] + minimum) / scale, 0, most);
        }
        KScales.Pack(packedScales, packedMinima, block.Slice(4, KScales.Bytes));
    }
}
