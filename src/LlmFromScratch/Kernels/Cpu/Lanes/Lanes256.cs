using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Lanes;

/// <summary>Eight lanes: AVX2.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> values) : ILanes<Lanes256>
{
    private readonly Vector256<float> _values = values;

    public static int Count => 8;

    /// <summary>The register.</summary>
    public Vector256<float> Values => _values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadHalves(ushort* source)
    {
        Vector256<uint> bits = Vector256.WidenLower(Vector128.Load(source).ToVector256()); // 8 halves, one a lane
        Vector256<uint> magnitude = (bits & Vector256.Create(0x7FFFu)) << 13;
        Vector256<float> value = magnitude.AsSingle() * Vector256.Create(5.192296858534828e33f); // 2^112 mends the bias, subnormals too
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create(0x0F800000)).AsUInt32(); // infinity and NaN
        value = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(0x7F800000u), value.AsUInt32()).AsSingle();
        return new((value.AsUInt32() | ((bits & Vector256.Create(0x8000u)) << 16)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBrains(ushort* source) => new((Vector256.WidenLower(Vector128.Load(source).ToVector256()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadSignedBytes(sbyte* source)
    {
        Vector128<short> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)source).AsSByte());
        return new(Vector256.ConvertToSingle(Vector256.WidenLower(words.ToVector256())));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _values.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a._values, b._values, c._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._values + b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._values - b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._values * b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._values / b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.Max(a._values, b._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.Min(a._values, b._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PowerOfTwo(Lanes256 shifted) =>
        new(((shifted._values.AsInt32() << 23) + Vector256.Create(0x3F800000)).AsSingle()); // the bits of 1.5 · 2^23 leave at the top

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Field(float* words, int shift, uint mask) => new(((Vector256.Load((uint*)words) >>> shift) & Vector256.Create(mask)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PutAbove(Lanes256 words, Lanes256 upper, int place) => new((words._values.AsUInt32() | (upper._values.AsUInt32() << place)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LookUp(Lanes256 nibbles, ReadOnlySpan<byte> levels)
    {
        Vector128<byte> table = Vector128.Create(levels);
        if (Avx2.IsSupported) return new(Avx2.Shuffle(Vector256.Create(table, table), nibbles._values.AsByte()).AsSingle());
        Vector128<byte> lower = Vector128.Shuffle(table, nibbles._values.GetLower().AsByte()), upper = Vector128.Shuffle(table, nibbles._values.GetUpper().AsByte());
        return new(Vector256.Create(lower, upper).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ByteToSingle(Lanes256 words, int index) =>
        new(Vector256.ConvertToSingle(((words._values.AsUInt32() >>> (8 * index)) & Vector256.Create(0xFFu)).AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 BroadcastBits(int bits) => new(Vector256.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 IntsToSingle(Lanes256 words) => new(Vector256.ConvertToSingle(words._values.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddProducts(Lanes256 sums, Lanes256 codes, Lanes256 four)
    {
        if (AvxVnni.IsSupported) return new(AvxVnni.MultiplyWideningAndAdd(sums._values.AsInt32(), codes._values.AsByte(), four._values.AsSByte()).AsSingle());
        return Avx2.IsSupported ? AddInPairs(sums, codes, four) : AddOneByOne(sums, codes, four);
    }

    // bytes 0 and 2, then bytes 1 and 3, as pairs of 16-bit numbers
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes256 AddInPairs(Lanes256 sums, Lanes256 codes, Lanes256 four)
    {
        Vector256<ushort> words = codes._values.AsUInt16();
        Vector256<short> x = four._values.AsInt16();
        Vector256<int> even = Avx2.MultiplyAddAdjacent((words & Vector256.Create((ushort)0xFF)).AsInt16(), (x << 8) >> 8);
        Vector256<int> odd = Avx2.MultiplyAddAdjacent((words >>> 8).AsInt16(), x >> 8);
        return new((sums._values.AsInt32() + even + odd).AsSingle());
    }

    private static Lanes256 AddOneByOne(Lanes256 sums, Lanes256 codes, Lanes256 four)
    {
        Vector256<int> sum = sums._values.AsInt32(), words = codes._values.AsInt32(), x = four._values.AsInt32();
        for (int shift = 0; shift < 32; shift += 8) sum += ((words >>> shift) & Vector256.Create(0xFF)) * ((x << (24 - shift)) >> 24);
        return new(sum.AsSingle());
    }
}
