namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Which values a dropout keeps: a hash of the call's seed and the value's place (SplitMix64's mixing), so that any thread and the backward pass can ask
/// again without a stored mask.
/// </summary>
internal static class DropoutMask
{
    /// <summary>Whether the value at this place stays; true with probability <c>1 - rate</c>.</summary>
    public static bool Keeps(ulong seed, int place, float rate)
    {
        ulong z = seed + ((ulong)place + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 40) * (1.0f / (1 << 24)) >= rate; // 24 random bits as a number in [0, 1)
    }
}
