using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Lanes;

/// <summary>Four lanes: SSE and ARM's AdvSimd.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> values) : ILanes<Lanes128>
{
    private readonly Vector128<float> _values = values;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadHalves(ushort* source)
    {
        Vector128<uint> bits = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()); // 4 halves, one a lane
        Vector128<uint> magnitude = (bits & Vector128.Create(0x7FFFu)) << 13;
        Vector128<float> value = magnitude.AsSingle() * Vector128.Create(5.192296858534828e33f); // 2^112 mends the bias, subnormals too
        Vector128<uint> special = Vector128.GreaterThanOrEqual(magnitude.AsInt32(), Vector128.Create(0x0F800000)).AsUInt32(); // infinity and NaN
        value = Vector128.ConditionalSelect(special, magnitude | Vector128.Create(0x7F800000u), value.AsUInt32()).AsSingle();
        return new((value.AsUInt32() | ((bits & Vector128.Create(0x8000u)) << 16)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBrains(ushort* source) => new((Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadSignedBytes(sbyte* source)
    {
        Vector128<short> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)source).AsSByte());
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(words)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _values.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.FusedMultiplyAdd(a._values, b._values, c._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a._values + b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a._values - b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(a._values * b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) => new(a._values / b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) => new(Vector128.Max(a._values, b._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) => new(Vector128.Min(a._values, b._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PowerOfTwo(Lanes128 shifted) =>
        new(((shifted._values.AsInt32() << 23) + Vector128.Create(0x3F800000)).AsSingle()); // the bits of 1.5 · 2^23 leave at the top

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Field(float* words, int shift, uint mask) => new(((Vector128.Load((uint*)words) >>> shift) & Vector128.Create(mask)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PutAbove(Lanes128 words, Lanes128 upper, int place) => new((words._values.AsUInt32() | (upper._values.AsUInt32() << place)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LookUp(Lanes128 nibbles, ReadOnlySpan<byte> levels)
    {
        return new(Vector128.Shuffle(Vector128.Create(levels), nibbles._values.AsByte()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ByteToSingle(Lanes128 words, int index) =>
        new(Vector128.ConvertToSingle(((words._values.AsUInt32() >>> (8 * index)) & Vector128.Create(0xFFu)).AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 BroadcastBits(int bits) => new(Vector128.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 IntsToSingle(Lanes128 words) => new(Vector128.ConvertToSingle(words._values.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddProducts(Lanes128 sums, Lanes128 codes, Lanes128 four)
    {
        return Sse2.IsSupported ? AddInPairs(sums, codes, four) : AddOneByOne(sums, codes, four);
    }

    // bytes 0 and 2, then bytes 1 and 3, as pairs of 16-bit numbers
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128 AddInPairs(Lanes128 sums, Lanes128 codes, Lanes128 four)
    {
        Vector128<ushort> words = codes._values.AsUInt16();
        Vector128<short> x = four._values.AsInt16();
        Vector128<int> even = Sse2.MultiplyAddAdjacent((words & Vector128.Create((ushort)0xFF)).AsInt16(), (x << 8) >> 8);
        Vector128<int> odd = Sse2.MultiplyAddAdjacent((words >>> 8).AsInt16(), x >> 8);
        return new((sums._values.AsInt32() + even + odd).AsSingle());
    }

    private static Lanes128 AddOneByOne(Lanes128 sums, Lanes128 codes, Lanes128 four)
    {
        Vector128<int> sum = sums._values.AsInt32(), words = codes._values.AsInt32(), x = four._values.AsInt32();
        for (int shift = 0; shift < 32; shift += 8) sum += ((words >>> shift) & Vector128.Create(0xFF)) * ((x << (24 - shift)) >> 24);
        return new(sum.AsSingle());
    }
}
