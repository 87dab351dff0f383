namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Finds an earlier signature like a new one without comparing it with all: locality-sensitive hashing. A signature is cut into b bands of r positions; two that agree
/// in a whole band meet in a bucket, which at similarity s happens with probability <c>1 - (1 - sʳ)ᵇ</c>; whoever meets is compared in full.
/// With 14 bands of 8 positions it needs about 1 KB a signature. Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4.
/// </summary>
public sealed class SignatureIndex
{
    private readonly int _bands, _rows;
    private readonly double _threshold;
    private readonly Dictionary<ulong, int> _buckets = []; // hash of (band, its positions) -> the last signature that came there
    private readonly List<uint[]> _signatures = []; // [n][b · r]
    private readonly List<int[]> _before = []; // [n][b]: the signature that came to the same bucket before, or -1

    /// <summary>An empty index.</summary>
    /// <param name="bands">b, at least 1.</param>
    /// <param name="rows">r, at least 1; signatures have <c>b · r</c> positions.</param>
    /// <param name="threshold">The similarity from which on two signatures are alike, above 0 and up to 1.</param>
    public SignatureIndex(int bands, int rows, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bands, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (!(threshold > 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "SignatureIndex: expected a threshold above 0 and up to 1.");
        (_bands, _rows, _threshold) = (bands, rows, threshold);
    }

    /// <summary>The chance that two signatures of similarity <paramref name="s"/> meet in a bucket, <c>1 - (1 - sʳ)ᵇ</c>.</summary>
    public double MeetingProbability(double s)
    {
        double row = 1, none = 1;
        for (int i = 0; i < _rows; i++) row *= s;
        for (int i = 0; i < _bands; i++) none *= 1 - row;
        return 1 - none;
    }

    /// <summary>Looks for an earlier signature that meets this one and is alike; adds this one when there is none.</summary>
    /// <returns>The number of the first such signature, in the order of adding, or -1 when there was none and this one is new.</returns>
    /// <exception cref="ArgumentException">The signature does not have b · r positions.</exception>
    public int FindOrAdd(uint[] signature)
    {
        if (signature.Length != _bands * _rows)
            throw new ArgumentException($"SignatureIndex: a signature of {signature.Length} positions; expected {_bands} bands of {_rows}.", nameof(signature));
        ulong[] keys = Keys(signature);
        int first = int.MaxValue;
        for (int band = 0; band < _bands; band++)
            for (int candidate = Last(keys[band]); candidate >= 0; candidate = _before[candidate][band])
                if (candidate < first && MinHash.Similarity(_signatures[candidate], signature) >= _threshold) first = candidate;
        if (first != int.MaxValue) return first;
        _before.Add([.. keys.Select(Last)]);
        foreach (ulong key in keys) _buckets[key] = _signatures.Count;
        _signatures.Add(signature);
        return -1;
    }

    private int Last(ulong key) => _buckets.GetValueOrDefault(key, -1);

    private ulong[] Keys(uint[] signature)
    {
        ulong[] keys = new ulong[_bands];
        for (int band = 0; band < _bands; band++)
        {
            ulong key = TextHash.Mix((ulong)band + 1);
            for (int i = 0; i < _rows; i++) key = TextHash.Mix(key ^ signature[band * _rows + i]);
            keys[band] = key;
        }
        return keys;
    }
}
