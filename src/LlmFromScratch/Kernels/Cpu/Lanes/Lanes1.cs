using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Quantization;

namespace LlmFromScratch.Kernels.Cpu.Lanes;

/// <summary>One lane: plain floats, for machines without SIMD and as the form that the wide ones are tested against.</summary>
internal readonly unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadHalves(ushort* source) => new(Half16.ToSingle(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadBrains(ushort* source) => new(Brain16.ToSingle(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadSignedBytes(sbyte* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => *destination = _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => new(MathF.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Min(Lanes1 a, Lanes1 b) => new(MathF.Min(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 PowerOfTwo(Lanes1 shifted) =>
        new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(shifted._value) << 23) + 0x3F800000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Field(float* words, int shift, uint mask) => new(BitConverter.UInt32BitsToSingle(*(uint*)words >> shift & mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 PutAbove(Lanes1 words, Lanes1 upper, int place) => new(BitConverter.UInt32BitsToSingle(words.Bits | upper.Bits << place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LookUp(Lanes1 nibbles, ReadOnlySpan<byte> levels)
    {
        uint bits = nibbles.Bits;
        uint found = (uint)(levels[(int)(bits & 15)] | levels[(int)(bits >> 8 & 15)] << 8 | levels[(int)(bits >> 16 & 15)] << 16 | levels[(int)(bits >> 24 & 15)] << 24);
        return new(BitConverter.UInt32BitsToSingle(found));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ByteToSingle(Lanes1 words, int index) => new(words.Bits >> (8 * index) & 0xFF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 BroadcastBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 IntsToSingle(Lanes1 words) => new((int)words.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AddProducts(Lanes1 sums, Lanes1 codes, Lanes1 four)
    {
        int sum = (int)sums.Bits, words = (int)codes.Bits, x = (int)four.Bits;
        for (int shift = 0; shift < 32; shift += 8) sum += (words >> shift & 0xFF) * (sbyte)(x >> shift);
        return BroadcastBits(sum);
    }

    private uint Bits => BitConverter.SingleToUInt32Bits(_value);
}
