using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A6 and erratum X22: perplexity depends on the tokens, bits per byte do not.</summary>
[Trait("Chapter", "01")]
public class PerplexityTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(32_000)]
    public void Perplexity_OfAnEvenGuess_IsTheVocabulary(int size) => Assert.Equal(size, Math.Exp(Lab.CrossEntropy(new float[size], target: 1)), size * 1e-12);

    [Fact]
    public void Perplexity_OfCertainty_IsOne() => Assert.Equal(1, Math.Exp(Lab.CrossEntropy([1000, 0, 0], target: 0)));

    [Fact]
    public void BitsPerByte_TextCutInOtherTokens_StayTheSame()
    {
        double[] characterProbabilities = [0.5, 0.25, 0.1, 0.8, 0.05, 0.4]; // of six bytes, one after another
        double[] pairProbabilities = [0.5 * 0.25, 0.1 * 0.8, 0.05 * 0.4]; // the same text as three tokens: chain rule
        Assert.Equal(BitsPerByte(characterProbabilities), BitsPerByte(pairProbabilities), 12);
        Assert.Equal(Math.Pow(Perplexity(characterProbabilities), 2), Perplexity(pairProbabilities), 9);
    }

    [Theory]
    [InlineData(1, 3.32)]
    [InlineData(4.2, 0.79)]
    public void BitsPerByte_OfPerplexityTen_DependOnTheBytesOfAToken(double bytesPerToken, double bitsPerByte) =>
        Assert.Equal(bitsPerByte, Lab.Bits(Math.Log(10)) / bytesPerToken, 2);

    private static double BitsPerByte(double[] probabilities) => Lab.Bits(-probabilities.Sum(Math.Log)) / 6;

    private static double Perplexity(double[] probabilities) => Math.Exp(-probabilities.Average(Math.Log));
}
