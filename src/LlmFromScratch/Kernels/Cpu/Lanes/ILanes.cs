namespace LlmFromScratch.Kernels.Cpu.Lanes;

/// <summary>
/// A register of <see cref="Count"/> floats. Kernels are written once over it and compiled for each width: 16, 8, 4 lanes or 1. Every member is
/// exact IEEE 754 arithmetic lane by lane, so a kernel whose outputs do not depend on <see cref="Count"/> gives the same bits at every width.
/// </summary>
internal unsafe interface ILanes<TSelf> where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Floats a register; divides 16.</summary>
    static abstract int Count { get; }

    /// <summary>Reads Count floats; any alignment.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>Reads Count binary16 values, as Half16.ToSingle does.</summary>
    static abstract TSelf LoadHalves(ushort* source);

    /// <summary>Reads Count bfloat16 values.</summary>
    static abstract TSelf LoadBrains(ushort* source);

    /// <summary>Reads Count signed bytes.</summary>
    static abstract TSelf LoadSignedBytes(sbyte* source);

    /// <summary>Writes Count floats; any alignment.</summary>
    void Store(float* destination);

    /// <summary>One value in every lane.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary><c>a · b + c</c> with one rounding.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>The larger of each pair; NaN if either is.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller of each pair; NaN if either is.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary><c>2^n</c> for each lane that holds <c>1.5 · 2^23 + n</c>: n stands in the low bits and is moved to the exponent; -126 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);

    /// <summary>Reads Count 32-bit words and takes a field of each: <c>(word >> shift) &amp; mask</c>.</summary>
    static abstract TSelf Field(float* words, int shift, uint mask);

    /// <summary><c>words | upper &lt;&lt; place</c>, the lanes seen as 32-bit words.</summary>
    static abstract TSelf PutAbove(TSelf words, TSelf upper, int place);

    /// <summary>Replaces each byte, 0 to 15, by that entry of a table of 16 bytes.</summary>
    static abstract TSelf LookUp(TSelf nibbles, ReadOnlySpan<byte> levels);

    /// <summary>The unsigned byte <paramref name="index"/> of each 32-bit word as a float.</summary>
    static abstract TSelf ByteToSingle(TSelf words, int index);

    /// <summary>One 32-bit word in every lane.</summary>
    static abstract TSelf BroadcastBits(int bits);

    /// <summary>The lanes seen as signed 32-bit words, as floats.</summary>
    static abstract TSelf IntsToSingle(TSelf words);

    /// <summary>Adds four products to each lane, in exact 32-bit integers: <c>sums + Σ codes[byte] · four[byte]</c>, unsigned times signed bytes.</summary>
    static abstract TSelf AddProducts(TSelf sums, TSelf codes, TSelf four);
}
