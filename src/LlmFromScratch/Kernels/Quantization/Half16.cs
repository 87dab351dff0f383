using System.Runtime.CompilerServices;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>IEEE 754 binary16 by integer bit moves: the JIT does not inline the cast from <see cref="Half"/>, which made kernels 8 times slower.</summary>
internal static class Half16
{
    /// <summary>The float with the same value, for all 65,536 bit patterns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort bits)
    {
        uint magnitude = (uint)(bits & 0x7FFF) << 13; // exponent and fraction at their places in binary32, bias still 15
        uint sign = (uint)(bits & 0x8000) << 16;
        if (magnitude >= 0x0F800000) return BitConverter.UInt32BitsToSingle(sign | magnitude | 0x7F800000); // infinity and NaN
        float value = BitConverter.UInt32BitsToSingle(magnitude) * 5.192296858534828e33f; // 2^112 mends the bias, subnormals too
        return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) | sign);
    }

    /// <summary>The nearest binary16, ties to even.</summary>
    public static ushort FromSingle(float value) => BitConverter.HalfToUInt16Bits((Half)value);
}
