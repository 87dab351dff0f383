using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>
/// The block format Q6_K: 256 values in groups of 16. 128 bytes with the lower four bits of each code (byte 64n + l holds value 128n + l in its low and
/// 128n + 64 + l in its high half), 64 bytes with the upper two (byte 32n + l holds those of values 128n + l, + 32, + 64 and + 96 from its lowest
/// bits up), 16 signed bytes of scales, binary16 d; <c>value = d · scale · (code - 32)</c>. Source: ggml's block_q6_K.
/// </summary>
internal readonly struct Q6_K : IBlockFormat
{
    public static int BlockSize => 256;

    public static int BlockBytes => 210;

    public static int CodeBits => 6;

    public static int GroupSize => 16;

    public static int Zero => 32;

    public static BlockScale Unpack(ReadOnlySpan<byte> block, Span<byte> codes, Span<sbyte> scales, Span<sbyte> minima)
    {
        for (int run = 0; run < 8; run++) // 32 values each
        {
            BitFields.Take(block.Slice(run / 4 * 64 + run % 2 * 32, 32), run / 2 % 2 * 4, 4, codes[(32 * run)..]);
            BitFields.AddAbove(block.Slice(128 + run / 4 * 32, 32), run % 4 * 2, 2, 4, codes[(32 * run)..]);
        }
        MemoryMarshal.Cast<byte, sbyte>(block.Slice(192, 16)).CopyTo(scales);
        return new BlockScale(BinaryPrimitives.ReadUInt16LittleEndian(block[208..]));
    }

    /// <summary>Rounds values to blocks: each group of 16 has its scale searched; the largest becomes -128, d follows, and the codes are those of what was stored.</summary>
    /// <param name="values">[n], n a multiple of 256.</param>
    /// <param name="blocks">[n / 256 · 210] bytes.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        Span<byte> codes = stackalloc byte[BlockSize];
        Span<float> scales = stackalloc float[BlockSize / GroupSize];
        for (; values.Length > 0; values = values[BlockSize..], blocks = blocks[BlockBytes..])
        {
            for (int g = 0; g < scales.Length; g++)
                scales[g] = ScaleSearch.Symmetric(values.Slice(g * GroupSize, GroupSize), Zero, codes.Slice(g * GroupSize, GroupSize));
            float extreme = ScaleSearch.Extreme(scales), inverse = -128 / extreme;
            blocks[..BlockBytes].Clear();
            if (Math.Abs(extreme) < 1e-15f) continue; // zeros
            ushort d = Half16.FromSingle(1 / inverse);
            BinaryPrimitives.WriteUInt16LittleEndian(blocks[208..], d);
            for (int g = 0; g < scales.Length; g++)
            {
                int scale = ScaleSearch.Nearest(inverse * scales[g], -128, 127);
                blocks[192 + g] = (byte)scale;
                float step = Half16.ToSingle(d) * scale;
                if (step == 0) continue; // the codes of the search: they stand for nothing
                for (int i = g * GroupSize; i < (g + 1) * GroupSize; i++) codes[i] = (byte)(ScaleSearch.Nearest(values[i] / step, -Zero, Zero - 1) + Zero);
            }
            for (int i = 0; i < BlockSize; i++)
            {
                blocks[i / 128 * 64 + i % 64] |= (byte)((codes[i] & 15) << (i / 64 % 2 * 4));
                blocks[128 + i / 128 * 32 + i % 32] |= (byte)(codes[i] >> 4 << (i / 32 % 4 * 2));
            }
        }
    }
}
