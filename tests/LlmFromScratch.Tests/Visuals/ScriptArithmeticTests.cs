using System.Text.Json;
using LlmFromScratch.Numerics;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>The arithmetic of the widgets' scripts in node, against the same formulas in C#, each on a thousand random cases.</summary>
public sealed class ScriptArithmeticTests
{
    private const int Cases = 1000;

    [NodeFact]
    public void Descend_RandomPolynomials_WalkAsCSharp()
    {
        var random = new SeededRandom(1);
        var cases = Enumerable.Range(0, Cases).Select(_ => new
        {
            C = Enumerable.Range(0, 2 + random.NextInt(4)).Select(_ => random.NextGaussian()).ToArray(),
            Start = 4 * random.NextDouble() - 2, Rate = 0.001 + 0.5 * random.NextDouble(), Momentum = 0.9 * random.NextDouble(),
        }).ToArray();
        double[][] walks = Run<double[][]>(["descent.js"], cases, "descend(c.c, c.start, c.rate, c.momentum, 30)");
        for (int i = 0; i < Cases; i++)
        {
            double[] expected = new GradientDescentWidget(cases[i].C, -2, 2, cases[i].Start, cases[i].Rate, cases[i].Momentum).Walk(30);
            Assert.Equal(expected, walks[i]); // only + and *, in one order: the same bits
        }
        Assert.Contains(walks, walk => walk.Length < 31); // some diverge, and then the walk ends
    }

    [NodeFact]
    public void Information_RandomDistributions_EqualsCSharp()
    {
        var random = new SeededRandom(2);
        var cases = Enumerable.Range(0, Cases).Select(i =>
        {
            int count = 2 + random.NextInt(12);
            double[] Shares() { double[] w = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())]; return [.. w.Select(x => x / w.Sum())]; }
            double[] p = Shares();
            if (i % 5 == 0) p = [.. p.Select((_, k) => k == 1 ? 1.0 : 0.0)]; // certain: 0 log 0 counts nothing
            return new { P = p, Q = Shares() };
        }).ToArray();
        double[][] answers = Run<double[][]>(["sampling.js", "information.js"], cases, "[crossEntropyBits(c.p, c.q), divergenceBits(c.p, c.q), perplexity(entropyBits(c.p))]");
        for (int i = 0; i < Cases; i++)
        {
            double Bits(double[] q) => -cases[i].P.Zip(q).Where(pair => pair.First > 0).Sum(pair => pair.First * PortableMath.Log(pair.Second)) / PortableMath.Log(2);
            double cross = Bits(cases[i].Q), entropy = Bits(cases[i].P);
            Assert.Equal(cross, answers[i][0], 1e-12);
            Assert.Equal(cross - entropy, answers[i][1], 1e-12);
            Assert.Equal(PortableMath.Exp(entropy * PortableMath.Log(2)), answers[i][2], 1e-11);
            Assert.True(answers[i][1] >= -1e-12, "KL below zero");
        }
    }

    [NodeFact]
    public void KvCache_RandomSizes_EqualsCSharp()
    {
        var random = new SeededRandom(3);
        var cases = Enumerable.Range(0, Cases).Select(_ => new
        {
            Prompt = 1 + random.NextInt(50), Steps = 1 + random.NextInt(50), Layers = 1 + random.NextInt(100), KvHeads = 1 + random.NextInt(128), HeadSize = 1 + random.NextInt(256), BytesPerValue = 1 + random.NextInt(4),
        }).ToArray();
        double[][] answers = Run<double[][]>(["kv-cache.js"], cases, "[true, false].map((on) => computedRows(c.prompt, c.steps, on).reduce((a, b) => a + b)).concat(cacheBytes(131072, c))");
        for (int i = 0; i < Cases; i++)
        {
            (int p, long n) = (cases[i].Prompt, cases[i].Steps - 1);
            Assert.Equal(p + n, answers[i][0]);
            Assert.Equal(p * (n + 1) + n * (n + 1) / 2, answers[i][1]); // P + (P+1) + ... + (P+n)
            Assert.Equal(2L * cases[i].Layers * cases[i].KvHeads * cases[i].HeadSize * cases[i].BytesPerValue * 131072, answers[i][2]);
        }
    }

    [NodeFact]
    public void KvCache_SeventyBillionModel_TakesSixHundredFortyGibibytesNotForty() => // erratum X1: 128 heads; 40 GiB is right for 8
        Assert.Equal("[\"640 GiB\",\"40 GiB\"]\n", Node.Run(EmbeddedText.Read("kv-cache.js")
            + "console.log(JSON.stringify([128, 8].map((kvHeads) => readableBytes(cacheBytes(131072, { layers: 80, kvHeads, headSize: 128, bytesPerValue: 2 })))));"));

    [NodeFact]
    public void Statistics_RandomRows_EqualsCSharp()
    {
        var random = new SeededRandom(4);
        var cases = Enumerable.Range(0, Cases).Select(_ => new { Row = Enumerable.Range(0, 1 + random.NextInt(60)).Select(_ => random.NextGaussian()).ToArray() }).ToArray();
        double[][] answers = Run<double[][]>(["strip.js"], cases, "Object.values(statistics(c.row))");
        for (int i = 0; i < Cases; i++)
        {
            double[] row = cases[i].Row;
            double[] expected = [row.Average(), Math.Sqrt(row.Average(x => x * x)), row.Min(), row.Max()];
            for (int k = 0; k < 4; k++) Assert.Equal(expected[k], answers[i][k], 1e-12);
        }
    }

    [NodeFact]
    public void Space_RandomPoints_KeepTheirLengthAndCosine()
    {
        var random = new SeededRandom(5);
        double[] Point(int size) => [.. Enumerable.Range(0, size).Select(_ => random.NextGaussian())];
        var cases = Enumerable.Range(0, Cases).Select(_ => new { A = Point(3), B = Point(3), Yaw = 6 * random.NextDouble(), Pitch = random.NextDouble() }).ToArray();
        double[][] answers = Run<double[][]>(["space.js"], cases, "[cosine(c.a, c.b), cosine(turn(c.a, c.yaw, c.pitch), turn(c.b, c.yaw, c.pitch)), Math.hypot(...turn(c.a, c.yaw, c.pitch)), ...turn(c.a, Math.PI / 2, 0)]");
        for (int i = 0; i < Cases; i++)
        {
            (double[] a, double[] b) = (cases[i].A, cases[i].B);
            double dot = a.Zip(b).Sum(pair => pair.First * pair.Second), length = Math.Sqrt(a.Sum(x => x * x));
            Assert.Equal(dot / length / Math.Sqrt(b.Sum(x => x * x)), answers[i][0], 1e-12);
            Assert.Equal(answers[i][0], answers[i][1], 1e-12); // turning changes no angle
            Assert.Equal(length, answers[i][2], 1e-12); // and no length
            Assert.Equal([a[2], a[1], -a[0]], answers[i][3..].Select(x => Math.Round(x, 12)), (x, y) => Math.Abs(x - y) < 1e-11); // a quarter turn: z comes to the right
        }
    }

    [NodeFact]
    public void Forward_RandomNetworks_EqualsCSharp()
    {
        var random = new SeededRandom(6);
        string[] kinds = ["step", "sigmoid", "tanh", "relu", "gelu", "silu"];
        var cases = Enumerable.Range(0, Cases).Select(i =>
        {
            int[] sizes = [1 + random.NextInt(4), 1 + random.NextInt(4), 1 + random.NextInt(3)];
            double[] Row(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
            return new
            {
                Layers = new[] { 0, 1 }.Select(l => new { Weights = Enumerable.Range(0, sizes[l + 1]).Select(_ => Row(sizes[l])).ToArray(), Biases = Row(sizes[l + 1]) }).ToArray(),
                Input = Row(sizes[0]), Hidden = kinds[i % 6], Last = kinds[random.NextInt(6)],
            };
        }).ToArray();
        double[][] answers = Run<double[][]>(["network.js"], cases, "forward(c.layers, c.input, c.hidden, c.last).at(-1)");
        for (int i = 0; i < Cases; i++)
        {
            double[] x = cases[i].Input;
            for (int l = 0; l < 2; l++)
            {
                string kind = l == 1 ? cases[i].Last : cases[i].Hidden;
                x = [.. cases[i].Layers[l].Weights.Select((row, o) => Activate(kind, row.Zip(x).Sum(pair => pair.First * pair.Second) + cases[i].Layers[l].Biases[o]))];
            }
            for (int o = 0; o < x.Length; o++) Assert.Equal(x[o], answers[i][o], 1e-10);
        }
    }

    private static double Activate(string kind, double x) => kind switch
    {
        "step" => x >= 0 ? 1 : 0,
        "sigmoid" => 1 / (1 + PortableMath.Exp(-x)),
        "tanh" => Tanh(x),
        "relu" => Math.Max(0, x),
        "gelu" => 0.5 * x * (1 + Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        _ => x / (1 + PortableMath.Exp(-x)),
    };

    private static double Tanh(double x) => 1 - 2 / (PortableMath.Exp(2 * x) + 1);

    private static T Run<T>(string[] scripts, object cases, string expression) => JsonSerializer.Deserialize<T>(Node.Run(string.Concat(scripts.Select(EmbeddedText.Read))
        + $"console.log(JSON.stringify({JsonSerializer.Serialize(cases, JsonSerializerOptions.Web)}.map((c) => {expression})));"))!; // an array is never null
}
