using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A3: entropy, in nats and in bits.</summary>
[Trait("Chapter", "01")]
public class EntropyTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Entropy_OfTheUniform_IsLogN(int outcomes) =>
        Assert.Equal(Math.Log2(outcomes), Lab.Bits(Lab.Entropy([.. Enumerable.Repeat(1f / outcomes, outcomes)])), 5);

    [Fact]
    public void Entropy_OfOneHot_IsZero() => Assert.Equal(0, Lab.Entropy([0, 1, 0]));

    [Fact]
    public void Entropy_ByHand_IsOneAndAHalfBits() => Assert.Equal(1.5, Lab.Bits(Lab.Entropy([0.5f, 0.25f, 0.25f])), 12); // 0.5·1 + 2·0.25·2

    [Fact]
    public void Entropy_OfAnyDistribution_IsAtMostThatOfTheUniform() =>
        Assert.All(RandomDistributions.Logits(500, spread: 3, seed: 1), logits =>
            Assert.InRange(Lab.Entropy(Lab.Softmax(logits)), 0, Math.Log(logits.Length) + 1e-6)); // 1e-6: probabilities are floats

    [Fact]
    public void Bits_OfNats_DifferByLn2() => Assert.Equal(Lab.Entropy([0.5f, 0.5f]), Math.Log(2) * Lab.Bits(Lab.Entropy([0.5f, 0.5f])), 12);
}
