using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Sketches the set of a text's word n-grams in a few numbers. Position i of a signature holds the least value of a hash function h_i over the set; two sets have the
/// same least element under a random order with probability <c>J = |A ∩ B| / |A ∪ B|</c>, so the share of equal positions estimates J with the standard deviation
/// <c>√(J (1 - J) / count)</c>. Source: Broder 1997, "On the resemblance and containment of documents"; h_i is the multiply-add-shift of Dietzfelbinger 1996.
/// </summary>
public sealed class MinHash
{
    /// <summary>Words of an n-gram; as in Penedo et al. 2024, "The FineWeb Datasets", section 3.4. A shorter text has one n-gram, all its words.</summary>
    public const int GramLength = 5;

    private readonly ulong[] _factors, _offsets; // h_i(x) = the upper 32 bits of a_i x + b_i

    /// <summary>Draws the hash functions.</summary>
    /// <param name="count">Positions of a signature, at least 1.</param>
    /// <param name="seed">Signatures of one seed compare with each other only.</param>
    public MinHash(int count, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        SeededRandom random = new(seed);
        _factors = new ulong[count];
        _offsets = new ulong[count];
        for (int i = 0; i < count; i++) (_factors[i], _offsets[i]) = (random.NextUInt64() | 1, random.NextUInt64());
    }

    /// <summary>The signature of a text.</summary>
    /// <param name="words">Its words in order, at least one.</param>
    /// <returns>[count] least hash values.</returns>
    /// <exception cref="ArgumentException">There is no word.</exception>
    public uint[] Signature(IReadOnlyList<string> words)
    {
        if (words.Count == 0) throw new ArgumentException("MinHash: a text without words has no signature; expected at least one word.", nameof(words));
        ulong[] hashes = [.. words.Select(word => TextHash.Of(word))];
        uint[] least = new uint[_factors.Length];
        Array.Fill(least, uint.MaxValue);
        int length = Math.Min(GramLength, hashes.Length);
        for (int start = 0; start + length <= hashes.Length; start++)
        {
            ulong gram = TextHash.Of(hashes.AsSpan(start, length));
            for (int i = 0; i < least.Length; i++) least[i] = Math.Min(least[i], (uint)((_factors[i] * gram + _offsets[i]) >> 32));
        }
        return least;
    }

    /// <summary>The share of equal positions, an estimate of the Jaccard similarity of the two sets.</summary>
    /// <exception cref="ArgumentException">The signatures differ in length.</exception>
    public static double Similarity(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"MinHash: signatures of {a.Length} and {b.Length} positions; expected as many in both.", nameof(b));
        int equal = 0;
        for (int i = 0; i < a.Length; i++)
            if (a[i] == b[i]) equal++;
        return (double)equal / a.Length;
    }
}
