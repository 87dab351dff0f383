using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmFromScratch.Kernels.Cpu.Lanes;

/// <summary>Sixteen lanes: AVX-512.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> values) : ILanes<Lanes512>
{
    private readonly Vector512<float> _values = values;

    public static int Count => 16;

    /// <summary>The register.</summary>
    public Vector512<float> Values => _values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadHalves(ushort* source)
    {
        Vector512<uint> bits = Vector512.WidenLower(Vector256.Load(source).ToVector512()); // 16 halves, one a lane
        Vector512<uint> magnitude = (bits & Vector512.Create(0x7FFFu)) << 13;
        Vector512<float> value = magnitude.AsSingle() * Vector512.Create(5.192296858534828e33f); // 2^112 mends the bias, subnormals too
        Vector512<uint> special = Vector512.GreaterThanOrEqual(magnitude.AsInt32(), Vector512.Create(0x0F800000)).AsUInt32(); // infinity and NaN
        value = Vector512.ConditionalSelect(special, magnitude | Vector512.Create(0x7F800000u), value.AsUInt32()).AsSingle();
        return new((value.AsUInt32() | ((bits & Vector512.Create(0x8000u)) << 16)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBrains(ushort* source) => new((Vector512.WidenLower(Vector256.Load(source).ToVector512()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadSignedBytes(sbyte* source)
    {
        Vector256<short> words = Vector256.WidenLower(Vector128.Load(source).ToVector256());
        return new(Vector512.ConvertToSingle(Vector512.WidenLower(words.ToVector512())));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _values.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a._values, b._values, c._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._values + b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._values - b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._values * b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._values / b._values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.Max(a._values, b._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.Min(a._values, b._values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 PowerOfTwo(Lanes512 shifted) =>
        new(((shifted._values.AsInt32() << 23) + Vector512.Create(0x3F800000)).AsSingle()); // the bits of 1.5 · 2^23 leave at the top

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Field(float* words, int shift, uint mask) => new(((Vector512.Load((uint*)words) >>> shift) & Vector512.Create(mask)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 PutAbove(Lanes512 words, Lanes512 upper, int place) => new((words._values.AsUInt32() | (upper._values.AsUInt32() << place)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LookUp(Lanes512 nibbles, ReadOnlySpan<byte> levels)
    {
        Vector128<byte> table = Vector128.Create(levels);
        if (Avx512BW.IsSupported) return new(Avx512BW.Shuffle(Vector512.Create(Vector256.Create(table, table), Vector256.Create(table, table)), nibbles._values.AsByte()).AsSingle());
        Lanes256 lower = Lanes256.LookUp(new Lanes256(nibbles._values.GetLower()), levels), upper = Lanes256.LookUp(new Lanes256(nibbles._values.GetUpper()), levels);
        return new(Vector512.Create(lower.Values, upper.Values));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ByteToSingle(Lanes512 words, int index) =>
        new(Vector512.ConvertToSingle(((words._values.AsUInt32() >>> (8 * index)) & Vector512.Create(0xFFu)).AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 BroadcastBits(int bits) => new(Vector512.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 IntsToSingle(Lanes512 words) => new(Vector512.ConvertToSingle(words._values.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddProducts(Lanes512 sums, Lanes512 codes, Lanes512 four)
    {
        return Avx512BW.IsSupported ? AddInPairs(sums, codes, four) : AddOneByOne(sums, codes, four);
    }

    // bytes 0 and 2, then bytes 1 and 3, as pairs of 16-bit numbers
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512 AddInPairs(Lanes512 sums, Lanes512 codes, Lanes512 four)
    {
        Vector512<ushort> words = codes._values.AsUInt16();
        Vector512<short> x = four._values.AsInt16();
        Vector512<int> even = Avx512BW.MultiplyAddAdjacent((words & Vector512.Create((ushort)0xFF)).AsInt16(), (x << 8) >> 8);
        Vector512<int> odd = Avx512BW.MultiplyAddAdjacent((words >>> 8).AsInt16(), x >> 8);
        return new((sums._values.AsInt32() + even + odd).AsSingle());
    }

    private static Lanes512 AddOneByOne(Lanes512 sums, Lanes512 codes, Lanes512 four)
    {
        Vector512<int> sum = sums._values.AsInt32(), words = codes._values.AsInt32(), x = four._values.AsInt32();
        for (int shift = 0; shift < 32; shift += 8) sum += ((words >>> shift) & Vector512.Create(0xFF)) * ((x << (24 - shift)) >> 24);
        return new(sum.AsSingle());
    }
}
