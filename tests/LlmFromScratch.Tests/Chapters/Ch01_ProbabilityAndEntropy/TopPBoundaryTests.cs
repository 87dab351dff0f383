using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Erratum X33: "at least p" and "more than p" differ on the border; the engine means "at least" (Holtzman et al. 2020, section 3.1).</summary>
[Trait("Chapter", "01")]
public class TopPBoundaryTests
{
    [Theory]
    [InlineData(0.5f, 1)] // 0.5 reaches 0.5
    [InlineData(0.51f, 2)]
    public void TopP_TwoHalves_KeepsWhatReachesP(float p, int kept)
    {
        var candidates = new CandidateList(2);
        candidates.Fill([1, 1]);
        new TopPSampler(p).Apply(candidates);
        Assert.Equal(kept, candidates.Count);
    }
}
