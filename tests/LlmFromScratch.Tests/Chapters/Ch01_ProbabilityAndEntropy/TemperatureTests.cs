using LlmFromScratch.Course;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Chapters.Ch01_ProbabilityAndEntropy;

/// <summary>Checklist A8: temperature.</summary>
[Trait("Chapter", "01")]
public class TemperatureTests
{
    private static readonly float[] Temperatures = [0.05f, 0.1f, 0.3f, 0.7f, 1, 1.5f, 3, 10, 100];

    [Fact]
    public void Entropy_RisingTemperature_NeverFalls() =>
        Assert.All(RandomDistributions.Logits(200, spread: 2, seed: 9), logits =>
        {
            double[] entropies = [.. Temperatures.Select(t => Lab.Entropy(AtTemperature(logits, t)))];
            Assert.All(entropies.Zip(entropies.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 1e-6)); // 1e-6: probabilities are floats
        });

    [Fact]
    public void Ranks_AnyTemperature_AreThoseOfTheLogits()
    {
        foreach (float t in Temperatures.Append(0.001f))
        {
            var candidates = new CandidateList(5);
            candidates.Fill([0.3f, 4, -1, 2, 1]);
            new TemperatureSampler(t).Apply(candidates);
            Assert.Equal([1, 3, 4, 0, 2], candidates.Ids.ToArray());
            Assert.Equal(candidates.Logits.ToArray().OrderDescending(), candidates.Logits.ToArray());
        }
    }

    [Fact]
    public void Temperature_One_ChangesNothing() =>
        Assert.All(RandomDistributions.Logits(50, spread: 2, seed: 10), logits =>
            Assert.All(AtTemperature(logits, 1).Zip(Lab.Softmax(logits).OrderDescending()), pair => Assert.Equal(pair.Second, pair.First, 1e-6)));

    [Theory]
    [InlineData(0)]
    [InlineData(0.0001f)]
    [InlineData(float.Epsilon)]
    public void Temperature_TowardsZero_IsArgMax(float temperature)
    {
        var chain = new SamplerChain(3, new SamplingOptions { Temperature = temperature, TopP = 1 });
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(1, chain.Sample([1, 1.5f, -3])));
    }

    private static float[] AtTemperature(float[] logits, float temperature)
    {
        var candidates = new CandidateList(logits.Length);
        candidates.Fill(logits);
        new TemperatureSampler(temperature).Apply(candidates);
        return candidates.ComputeProbabilities().ToArray();
    }
}
