using System.Text.Json;
using LlmFromScratch.Numerics;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>
/// The arithmetic of sampling.js, run in node, against the same definitions written here once more in C#. Every third vector is rounded to
/// halves, so that it is full of ties.
/// </summary>
public sealed class SamplingScriptTests
{
    private const double Tolerance = 1e-12; // two libraries' exp differ in the last bit, and the sums have at most 40 terms

    private sealed record Case(double[] Logits, double Temperature, int K, double P);

    private sealed record Answer(double[] Tempered, int[] Survivors, double[] Probabilities, double Entropy);

    [NodeFact]
    public void SampleDistribution_ThousandRandomVectors_EqualsCSharp()
    {
        Case[] cases = RandomCases(1000);
        string script = EmbeddedText.Read("sampling.js") + $$"""
            const cases = {{JsonSerializer.Serialize(cases, JsonSerializerOptions.Web)}};
            console.log(JSON.stringify(cases.map((c) => {
              const r = sampleDistribution(c.logits, c.temperature, c.k, c.p);
              return { ...r, entropy: entropyBits(r.probabilities) };
            })));
            """;
        Answer[] answers = JsonSerializer.Deserialize<Answer[]>(Node.Run(script), JsonSerializerOptions.Web) ?? [];
        Assert.Equal(cases.Length, answers.Length);
        for (int i = 0; i < cases.Length; i++)
        {
            Answer expected = Expect(cases[i]);
            Assert.Equal(expected.Survivors, answers[i].Survivors);
            AssertClose(expected.Tempered, answers[i].Tempered);
            AssertClose(expected.Probabilities, answers[i].Probabilities);
            Assert.Equal(expected.Entropy, answers[i].Entropy, Tolerance);
        }
        Assert.InRange(answers.Average(answer => answer.Survivors.Length), 3, 20); // the cuts did cut, and did not cut all
    }

    [NodeFact]
    public void SampleDistribution_WorkedByHand_CutsWhereTheRuleSays()
    {
        // Probabilities 1/2, 1/4, 1/8, 1/8: logits are their logarithms. All sums below are exact in binary.
        string script = EmbeddedText.Read("sampling.js") + """
            const logits = [Math.log(1), Math.log(2), Math.log(4), Math.log(1)];
            const show = (t, k, p) => { const r = sampleDistribution(logits, t, k, p); return r.survivors.join() + ":" + r.probabilities.map((x) => x.toFixed(4)).join(); };
            console.log([show(1, 0, 1), show(1, 0, 0.5), show(1, 0, 0.51), show(1, 3, 1), show(1, 2, 0.6), show(0, 0, 1)].join("\n"));
            """;
        Assert.Equal(
        [
            "2,1,0,3:0.1250,0.2500,0.5000,0.1250", // nothing cut; the tie of 0 and 3 goes to the lower index
            "2:0.0000,0.0000,1.0000,0.0000",       // 1/2 >= 0.5 already
            "2,1:0.0000,0.3333,0.6667,0.0000",     // 1/2 < 0.51
            "2,1,0:0.1429,0.2857,0.5714,0.0000",   // 3 loses the tie; over 7/8
            "2:0.0000,0.0000,1.0000,0.0000",       // top-k leaves 2/3 and 1/3, and 2/3 >= 0.6; before scaling 1/2 was below it
            "2,0,1,3:0.0000,0.0000,1.0000,0.0000", // greedy
        ], Node.Run(script).TrimEnd().Split('\n'));
    }

    [NodeFact]
    public void SeededRandom_SameSeed_GivesTheLibrarysNumbers()
    {
        var random = new SeededRandom(42);
        double[] expected = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        string output = Node.Run(EmbeddedText.Read("sampling.js") + "const next = seededRandom(42); console.log(JSON.stringify(Array.from({ length: 100 }, next)));");
        Assert.Equal(expected, JsonSerializer.Deserialize<double[]>(output));
    }

    [NodeFact]
    public void Draw_UniformNumbers_FallIntoTheirShares() =>
        Assert.Equal("[0,0,2,2,2]\n", Node.Run(EmbeddedText.Read("sampling.js")
            + "console.log(JSON.stringify([0, 0.249, 0.25, 0.999, 1].map((u) => draw([0.25, 0, 0.75, 0], u))));"));

    private static Case[] RandomCases(int count)
    {
        var random = new SeededRandom(7);
        var cases = new Case[count];
        for (int i = 0; i < count; i++)
        {
            double[] logits = [.. Enumerable.Range(0, 1 + random.NextInt(40)).Select(_ => 1.5 * random.NextGaussian())];
            if (i % 3 == 0) logits = Array.ConvertAll(logits, logit => Math.Round(2 * logit) / 2);
            double temperature = i % 20 == 0 ? 0 : 0.1 + 2 * random.NextDouble();
            cases[i] = new Case(logits, temperature, random.NextInt(logits.Length + 1), i % 10 == 0 ? 1 : random.NextDouble());
        }
        return cases;
    }

    private static Answer Expect(Case c)
    {
        double max = c.Logits.Max();
        double[] tempered = c.Temperature == 0
            ? [.. c.Logits.Select((_, i) => i == Array.IndexOf(c.Logits, max) ? 1.0 : 0.0)]
            : Normalise(Array.ConvertAll(c.Logits, logit => PortableMath.Exp((logit - max) / c.Temperature)));
        int[] ranked = [.. Enumerable.Range(0, tempered.Length).OrderByDescending(i => tempered[i]).ThenBy(i => i)];
        int[] kept = c.K == 0 ? ranked : ranked[..c.K];
        double[] scaled = Only(tempered, kept);
        double sum = 0;
        int count = 0;
        while (count < kept.Length && (count == 0 || sum < c.P || c.P == 1)) sum += scaled[kept[count++]];
        int[] survivors = kept[..count];
        double[] probabilities = Only(scaled, survivors);
        double nats = -probabilities.Where(p => p > 0).Sum(p => p * PortableMath.Log(p));
        return new Answer(tempered, survivors, probabilities, nats / PortableMath.Log(2));
    }

    private static double[] Only(double[] probabilities, int[] kept) => Normalise([.. probabilities.Select((p, i) => kept.Contains(i) ? p : 0)]);

    private static double[] Normalise(double[] weights)
    {
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
