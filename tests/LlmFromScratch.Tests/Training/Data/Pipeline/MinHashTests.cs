using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class MinHashTests
{
    [Fact]
    public void Similarity_EqualTextsAndTextsWithNothingInCommon_AreOneAndZero()
    {
        MinHash hash = new(112);
        uint[] a = hash.Signature(Words(0, 40)), b = hash.Signature(Words(1000, 40));
        Assert.Equal(1, MinHash.Similarity(a, hash.Signature(Words(0, 40))));
        Assert.Equal(0, MinHash.Similarity(a, b));
    }

    // Two texts of n different words that share their first m have n - 4 5-grams each and m - 4 in common: J = (m - 4) / (2 (n - 4) - (m - 4)).
    [Theory]
    [InlineData(112, 104, 54, 1.0 / 3)] // 50 of 150
    [InlineData(112, 104, 84, 80.0 / 120)]
    [InlineData(112, 104, 94, 90.0 / 110)]
    [InlineData(112, 1004, 954, 950.0 / 1050)]
    [InlineData(1024, 104, 54, 1.0 / 3)]
    [InlineData(1024, 104, 24, 20.0 / 180)]
    [InlineData(1024, 1004, 504, 500.0 / 1500)]
    public void Similarity_KnownJaccard_IsWithinThreeStandardDeviations(int count, int words, int shared, double jaccard)
    {
        double sum = 0, sigma = Math.Sqrt(jaccard * (1 - jaccard) / count);
        const int seeds = 8;
        for (ulong seed = 1; seed <= seeds; seed++)
        {
            MinHash hash = new(count, seed);
            double estimate = MinHash.Similarity(hash.Signature(Words(0, words)), hash.Signature([.. Words(0, shared), .. Words(5000, words - shared)]));
            Assert.InRange(estimate, jaccard - 3 * sigma, jaccard + 3 * sigma);
            sum += estimate;
        }
        double sigmaOfMean = sigma / Math.Sqrt(seeds); // no bias: the mean of independent hash functions is nearer
        Assert.InRange(sum / seeds, jaccard - 3 * sigmaOfMean, jaccard + 3 * sigmaOfMean);
    }

    [Fact]
    public void Signature_ShortText_IsThatOfAllItsWords()
    {
        MinHash hash = new(16);
        Assert.Equal(hash.Signature(["a", "b"]), hash.Signature(["a", "b"]));
        Assert.NotEqual(hash.Signature(["a", "b"]), hash.Signature(["b", "a"]));
        Assert.Throws<ArgumentException>(() => hash.Signature([]));
    }

    private static List<string> Words(int first, int count) => [.. Enumerable.Range(first, count).Select(i => $"w{i}")];
}
