namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Hashes of 64 bits that are the same on every machine: FNV-1a over UTF-16 letters, then the finaliser of SplitMix64, so that every bit depends on every
/// letter.
/// </summary>
internal static class TextHash
{
    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = Offset;
        foreach (char letter in text) hash = (hash ^ letter) * Prime;
        return Mix(hash);
    }

    /// <summary>One hash of several in order.</summary>
    public static ulong Of(ReadOnlySpan<ulong> hashes)
    {
        ulong hash = Offset;
        foreach (ulong part in hashes) hash = Mix(hash * Prime ^ part);
        return hash;
    }

    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
