using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class DomainMixtureTests
{
    [Fact]
    public void Draw_HundredThousandTimes_FrequenciesMatchTheWeights()
    {
        DomainMixture mixture = new(new Dictionary<string, double> { ["web"] = 6, ["books"] = 3, ["code"] = 1, ["none"] = 0 });
        Assert.Equal(["books", "code", "none", "web"], mixture.Names);
        Assert.Equal([0.3, 0.1, 0, 0.6], mixture.Probabilities, (a, b) => Math.Abs(a - b) < 1e-12);
        const int draws = 100_000;
        Dictionary<string, int> counts = mixture.Names.ToDictionary(name => name, _ => 0);
        for (int i = 0; i < draws; i++) counts[mixture.Draw()]++;
        Assert.Equal(0, counts["none"]);
        double chiSquare = 0;
        foreach ((string name, double p) in mixture.Names.Zip(mixture.Probabilities))
            if (p > 0) chiSquare += (counts[name] - draws * p) * (counts[name] - draws * p) / (draws * p);
        Assert.InRange(chiSquare, 0, 13.8); // two degrees of freedom: a fair draw exceeds it once in a thousand seeds
    }

    [Fact]
    public void Probabilities_Temperature_IsThePowerOfTheWeights()
    {
        Dictionary<string, double> sizes = new() { ["large"] = 16, ["small"] = 1 };
        Near([16.0 / 17, 1.0 / 17], new DomainMixture(sizes).Probabilities);
        Near([0.8, 0.2], new DomainMixture(sizes, temperature: 2).Probabilities); // √16 to √1
        Near([2.0 / 3, 1.0 / 3], new DomainMixture(sizes, temperature: 4).Probabilities);
        Near([256.0 / 257, 1.0 / 257], new DomainMixture(sizes, temperature: 0.5).Probabilities);
        Near([0.5, 0.5], new DomainMixture(sizes, temperature: 1e9).Probabilities);
    }

    [Fact]
    public void Draw_SameSeed_SameNames()
    {
        Dictionary<string, double> weights = new() { ["a"] = 1, ["b"] = 2 };
        DomainMixture first = new(weights, seed: 9), second = new(weights, seed: 9), other = new(weights, seed: 10);
        string[] Drawn(DomainMixture mixture) => [.. Enumerable.Range(0, 50).Select(_ => mixture.Draw())];
        string[] drawn = Drawn(first);
        Assert.Equal(drawn, Drawn(second));
        Assert.NotEqual(drawn, Drawn(other));
    }

    [Fact]
    public void Constructor_WrongNumbers_AreNamed()
    {
        Assert.Contains("weight of a", Assert.Throws<ArgumentException>(() => new DomainMixture(new Dictionary<string, double> { ["a"] = -1 })).Message);
        Assert.Throws<ArgumentException>(() => new DomainMixture(new Dictionary<string, double> { ["a"] = 0 }));
        Assert.Contains("temperature", Assert.Throws<ArgumentException>(() => new DomainMixture(new Dictionary<string, double> { ["a"] = 1 }, temperature: 0)).Message);
    }

    private static void Near(double[] expected, IReadOnlyList<double> actual) => Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-6);
}
