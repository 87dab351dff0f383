using LlmFromScratch.Course;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Seeded logits and distributions for the properties of this chapter.</summary>
internal static class RandomDistributions
{
    /// <summary>Logits with standard deviation <paramref name="spread"/>, from 2 to 40 of them.</summary>
    public static IEnumerable<float[]> Logits(int count, double spread, ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < count; i++)
        {
            int size = 2 + random.NextInt(39);
            yield return [.. Enumerable.Range(0, size).Select(_ => (float)(spread * random.NextGaussian()))];
        }
    }

    /// <summary>Two distributions over the same outcomes.</summary>
    public static IEnumerable<(float[] P, float[] Q)> Pairs(int count, ulong seed) =>
        Logits(count, spread: 2, seed).Select(logits => (Lab.Softmax(logits), Lab.Softmax([.. logits.Reverse()])));
}
