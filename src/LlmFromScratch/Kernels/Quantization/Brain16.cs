namespace LlmFromScratch.Kernels.Quantization;

/// <summary>bfloat16: sign, all eight exponent bits and the first seven fraction bits of a binary32. The range of a float, the precision of 2 to 3 digits.</summary>
internal static class Brain16
{
    /// <summary>The float with the same value: the lower half is zeros.</summary>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearest bfloat16, ties to even; a NaN stays a (quiet) NaN.</summary>
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)(bits >> 16 | 0x40);
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }
}
