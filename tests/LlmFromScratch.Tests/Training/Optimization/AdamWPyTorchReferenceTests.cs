using System.Text.Json;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training.Optimization;

/// <summary>Twelve clipped steps against optimizers.json. Its SGD, momentum and Adam cases wait for those optimizers.</summary>
public class AdamWPyTorchReferenceTests
{
    public static TheoryData<int> AdamWCases() =>
        ReferenceData.Cases("optimizers", candidate => candidate.GetProperty("optimizer").GetString() == "adamw");

    [Theory, MemberData(nameof(AdamWCases))]
    public void AdamW_ReferenceCase_MatchesEveryStep(int index)
    {
        JsonElement data = ReferenceData.Case("optimizers", index), expected = data.GetProperty("out").GetProperty("p");
        float[] matrix = data.GetProperty("in").GetProperty("a").Floats(), path = new float[expected.Size(0) * expected.Size(1)];
        int size = expected.Size(1);
        Variable p = data.GetProperty("in").GetProperty("p0").Leaf("p", 1, size); // two axes: matrices decay
        AdamW optimizer = new([p], new AdamWSettings { WeightDecay = 0.1f });
        for (int step = 0; step < expected.Size(0); step++)
        {
            FillGradient(matrix, p);
            GradientClipping.ClipGlobalNorm([p], 1);
            optimizer.Step(0.01f);
            p.Data.CopyTo(path.AsSpan(step * size));
        }
        ReferenceData.AssertClose("p", expected, path);
    }

    // loss = Σ (A p)² + Σ cos p, so the gradient is 2 Aᵀ A p - sin p
    private static void FillGradient(float[] a, Variable p)
    {
        int n = p.Data.Length;
        for (int j = 0; j < n; j++)
        {
            double sum = -Math.Sin(p.Data[j]);
            for (int i = 0; i < n; i++)
            {
                double product = 0;
                for (int l = 0; l < n; l++) product += (double)a[i * n + l] * p.Data[l];
                sum += 2 * product * a[i * n + j];
            }
            p.Gradient[j] = (float)sum;
        }
    }
}
