using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training.Optimization;

/// <summary>
/// Clipped steps against optimizers.json: the optimizers in float, and their rules in double. Sizes and steps come from the tensors, rates, betas, momentum and
/// decay from the file's note; what the note does not say is PyTorch's default.
/// </summary>
public class OptimizersPyTorchReferenceTests
{
    private const double DoubleTolerance = 1e-10; // of the largest expected value

    public static TheoryData<int> AllCases() => ReferenceData.Cases("optimizers", _ => true);

    [Theory, MemberData(nameof(AllCases))]
    public void Optimizer_ReferenceCase_MatchesEveryStep(int index)
    {
        JsonElement data = ReferenceData.Case("optimizers", index), expected = data.GetProperty("out").GetProperty("p");
        Options options = Options.Read(data.GetProperty("optimizer").GetString());
        double[] matrix = data.GetProperty("in").GetProperty("a").Doubles();
        int size = expected.Size(1);
        float[] path = new float[expected.Size(0) * size];
        Variable p = data.GetProperty("in").GetProperty("p0").Leaf("p", 1, size); // two axes: matrices decay
        AdamWSettings settings = new() { Beta1 = (float)options.Beta1, Beta2 = (float)options.Beta2, WeightDecay = (float)options.Decay };
        Optimizer optimizer = options.IsAdam ? new AdamW([p], settings) : new Sgd([p], (float)options.Momentum);
        for (int step = 0; step < expected.Size(0); step++)
        {
            double[] gradient = Gradient(matrix, [.. p.Data.ToArray().Select(value => (double)value)]);
            for (int i = 0; i < size; i++) p.Gradient[i] = (float)gradient[i];
            GradientClipping.ClipGlobalNorm([p], options.ClipNorm);
            optimizer.Step((float)options.Rate);
            p.Data.CopyTo(path.AsSpan(step * size));
        }
        ReferenceData.AssertClose("p", expected, path);
    }

    [Theory, MemberData(nameof(AllCases))]
    public void OptimizerRules_ReferenceCase_MatchEveryStepInDouble(int index)
    {
        JsonElement data = ReferenceData.Case("optimizers", index), expected = data.GetProperty("out").GetProperty("p");
        Options options = Options.Read(data.GetProperty("optimizer").GetString());
        double[] matrix = data.GetProperty("in").GetProperty("a").Doubles(), p = data.GetProperty("in").GetProperty("p0").Doubles();
        double[] first = new double[p.Length], second = new double[p.Length], values = expected.Doubles();
        double largest = values.Max(Math.Abs);
        for (int step = 0; step < expected.Size(0); step++)
        {
            double[] gradient = Gradient(matrix, p);
            OptimizerRules.Clip(gradient, options.ClipNorm);
            if (options.IsAdam)
                OptimizerRules.AdamW(p, gradient, first, second, step + 1, options.Rate, options.Beta1, options.Beta2, options.Epsilon, options.Decay);
            else OptimizerRules.Sgd(p, gradient, first, options.Rate, options.Momentum);
            for (int i = 0; i < p.Length; i++) Assert.Equal(values[step * p.Length + i], p[i], DoubleTolerance * largest);
        }
    }

    // loss = Σ (A p)² + Σ cos p, so the gradient is 2 Aᵀ A p - sin p
    private static double[] Gradient(double[] a, double[] p)
    {
        int n = p.Length;
        double[] gradient = new double[n];
        for (int i = 0; i < a.Length / n; i++)
        {
            double product = 0;
            for (int j = 0; j < n; j++) product += a[i * n + j] * p[j];
            for (int j = 0; j < n; j++) gradient[j] += 2 * product * a[i * n + j];
        }
        for (int j = 0; j < n; j++) gradient[j] -= Math.Sin(p[j]);
        return gradient;
    }

    /// <summary>What the note says of one optimizer: "adamw .01 betas .9/.95 wd .1", "sgd_momentum .05 (0.9)", "clipped to global norm 1".</summary>
    private sealed record Options(string Name, double Rate, double Momentum, double Beta1, double Beta2, double Decay, double ClipNorm)
    {
        private const string Number = @"(\d*\.?\d+(?:e-?\d+)?)";

        public double Epsilon => 1e-8;

        public bool IsAdam => Name.StartsWith("adam", StringComparison.Ordinal);

        public static Options Read(string? name)
        {
            string note = ReferenceData.Load("optimizers").GetProperty("note").GetString() ?? "", own = "";
            Assert.NotNull(name);
            foreach (string part in note[(note.IndexOf("lr:", StringComparison.Ordinal) + 3)..].Split(','))
                if (part.Trim().StartsWith(name + " ", StringComparison.Ordinal)) own = part.Trim()[name.Length..];
            Assert.NotEqual("", own);
            return new Options(name, Find(own, "^ " + Number) ?? throw new InvalidDataException($"no rate for {name}"), Find(own, @"\(" + Number + @"\)") ?? 0,
                Find(own, "betas " + Number + "/") ?? 0.9, Find(own, "betas [^/]*/" + Number) ?? 0.999, Find(own, "wd " + Number) ?? 0,
                Find(note, "global norm " + Number) ?? double.PositiveInfinity);
        }

        private static double? Find(string text, string pattern) =>
            Regex.Match(text, pattern) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }
}
