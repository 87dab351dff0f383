using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Tells weights from other weights in a checkpoint's identity.</summary>
internal static class WeightFingerprint
{
    /// <summary>The first eight bytes of the SHA-256 of all values, in hexadecimal.</summary>
    public static string Of(IReadOnlyList<Variable> weights)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Variable weight in weights) hash.AppendData(MemoryMarshal.AsBytes(weight.Data));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
