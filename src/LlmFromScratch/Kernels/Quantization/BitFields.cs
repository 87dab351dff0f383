using System.Runtime.Intrinsics;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>Small fields of bytes to bytes of their own, 16 at a time: what taking blocks apart is made of.</summary>
internal static class BitFields
{
    /// <summary><c>target[i] = (source[i] >> shift) mod 2^bits</c>; the length is a multiple of 16.</summary>
    public static void Take(ReadOnlySpan<byte> source, int shift, int bits, Span<byte> target)
    {
        Vector128<byte> mask = Vector128.Create((byte)((1 << bits) - 1));
        for (int i = 0; i < source.Length; i += Vector128<byte>.Count)
            ((Vector128.Create(source.Slice(i, 16)) >>> shift) & mask).CopyTo(target[i..]);
    }

    /// <summary><c>target[i] += (source[i] >> shift) mod 2^bits · 2^place</c>: more bits above those that stand there.</summary>
    public static void AddAbove(ReadOnlySpan<byte> source, int shift, int bits, int place, Span<byte> target)
    {
        Vector128<byte> mask = Vector128.Create((byte)((1 << bits) - 1));
        for (int i = 0; i < source.Length; i += Vector128<byte>.Count)
        {
            Vector128<byte> field = (Vector128.Create(source.Slice(i, 16)) >>> shift) & mask;
            (Vector128.Create<byte>(target.Slice(i, 16)) | (field << place)).CopyTo(target[i..]);
        }
    }

    /// <summary><c>target[i] += bit i of the bits · 2^place</c> for 32 codes.</summary>
    public static void AddBits(uint bits, int place, Span<byte> target)
    {
        for (int i = 0; i < 32; i++) target[i] |= (byte)((bits >> i & 1) << place);
    }

    /// <summary>Packs the lower four bits of 32 codes: byte j holds those of code j and, above them, of code j + 16.</summary>
    public static void PutNibbles(ReadOnlySpan<byte> codes, Span<byte> target)
    {
        for (int j = 0; j < 16; j++) target[j] = (byte)(codes[j] & 15 | codes[j + 16] << 4);
    }

    /// <summary>Bit <paramref name="place"/> of each of 32 codes, that of code i at bit i.</summary>
    public static uint BitsAt(ReadOnlySpan<byte> codes, int place)
    {
        uint bits = 0;
        for (int i = 0; i < 32; i++) bits |= (uint)(codes[i] >> place & 1) << i;
        return bits;
    }
}
