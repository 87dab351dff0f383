using System.Numerics;

namespace LlmFromScratch.Numerics;

/// <summary>
/// The library's one source of randomness: xoshiro256** seeded through SplitMix64. The same seed gives the same numbers on every
/// machine and every .NET version, which <see cref="Random"/> does not promise. Not for cryptography; not thread-safe.
/// Source: Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators".
/// </summary>
public sealed class SeededRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>; every seed is allowed, 0 too.</summary>
    public SeededRandom(ulong seed)
    {
        _s0 = SplitMix64(ref seed);
        _s1 = SplitMix64(ref seed);
        _s2 = SplitMix64(ref seed);
        _s3 = SplitMix64(ref seed);
    }

    /// <summary>The generator's whole state, so that a checkpoint can continue the sequence.</summary>
    public (ulong S0, ulong S1, ulong S2, ulong S3) State
    {
        get => (_s0, _s1, _s2, _s3);
        set => (_s0, _s1, _s2, _s3) = value == default
            ? throw new ArgumentException("SeededRandom: the all-zero state never leaves zero; expected at least one bit set.", nameof(value))
            : value;
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform double in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform float in [0, 1) with 24 random bits.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1 << 24));

    /// <summary>A uniform integer in [0, <paramref name="exclusiveMax"/>), without modulo bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is below 1.</exception>
    public int NextInt(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMax, 1);
        uint bound = (uint)exclusiveMax;
        uint threshold = (0u - bound) % bound; // products whose low half is below this belong to over-represented values
        ulong product;
        do product = (NextUInt64() >> 32) * bound;
        while ((uint)product < threshold);
        return (int)(product >> 32);
    }

    /// <summary>A normal value with mean 0 and variance 1 (Box and Muller 1958); each call draws two uniforms.</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * PortableMath.Log(1 - NextDouble())); // 1 - u is in (0, 1], so the logarithm is finite
        return radius * PortableMath.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Shuffles <paramref name="items"/> in place; every order is equally likely (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
