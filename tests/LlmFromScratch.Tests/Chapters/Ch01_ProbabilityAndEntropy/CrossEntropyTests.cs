using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A4: cross-entropy and its gradient.</summary>
[Trait("Chapter", "01")]
public class CrossEntropyTests
{
    [Fact]
    public void CrossEntropy_OfATarget_IsMinusLogOfItsProbability() =>
        Assert.All(RandomDistributions.Logits(200, spread: 3, seed: 2), logits =>
            Assert.Equal(-Math.Log(Lab.Softmax(logits)[1]), Lab.CrossEntropy(logits, target: 1), 4)); // 4 digits: the probability is a float

    [Fact]
    public void CrossEntropy_OfTwoEqualLogits_IsLn2() => Assert.Equal(Math.Log(2), Lab.CrossEntropy([5, 5], 0), 12);

    [Fact]
    public void CrossEntropy_WhereSoftmaxUnderflows_StaysExact() => Assert.Equal(200, Lab.CrossEntropy([0, 200], 0), 9);

    [Fact]
    public void CrossEntropy_OfTwoDistributions_IsEntropyPlusKl() =>
        Assert.All(RandomDistributions.Pairs(500, seed: 3), pair =>
        {
            double crossEntropy = -pair.P.Zip(pair.Q, (p, q) => p * Math.Log(q)).Sum();
            Assert.Equal(crossEntropy, Lab.Entropy(pair.P) + Lab.KL(pair.P, pair.Q), 6);
        });

    [Fact]
    public void Gradient_AgainstCentralDifferences_IsSoftmaxMinusOneHot()
    {
        var gradient = (Func<float[], int, float[]>)ExerciseCatalogue.Find("1.5").CreateSolution();
        const float Step = 1 / 256f; // a power of two, so that z ± step is exact for these small logits
        foreach (float[] random in RandomDistributions.Logits(50, spread: 2, seed: 4))
        {
            float[] logits = [.. random.Select(z => MathF.Round(z * 64) / 64)];
            int target = logits.Length - 1;
            float[] expected = gradient(logits, target);
            for (int i = 0; i < logits.Length; i++)
            {
                float[] up = [.. logits], down = [.. logits];
                up[i] += Step;
                down[i] -= Step;
                double measured = (Lab.CrossEntropy(up, target) - Lab.CrossEntropy(down, target)) / (2 * Step);
                Assert.Equal(expected[i], measured, 1e-5); // the difference quotient errs by up to step²/6 = 2.5e-6
            }
        }
    }
}
