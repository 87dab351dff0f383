using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Training.Models.Classic;

namespace LlmFromScratch.Tests.Chapters.Ch04_Embeddings;

/// <summary>Checklist E2 and E5: what a cosine is, and what a projection keeps.</summary>
[Trait("Chapter", "04")]
public class CosineTests
{
    private static readonly Func<float[], float[], double> Cosine = (Func<float[], float[], double>)ExerciseCatalogue.Find("4.2").CreateSolution();

    [Fact]
    public void Cosine_ParallelRightAngledOpposite_IsOneZeroMinusOne()
    {
        Assert.Equal(1, Cosine([1, 2, 2], [3, 6, 6]), 1e-12);
        Assert.Equal(0, Cosine([2, 0, 1], [0, 5, 0]), 1e-12);
        Assert.Equal(-1, Cosine([1, -2], [-2, 4]), 1e-12);
        Assert.Equal(0, Cosine([0, 0], [1, 2]));
        Assert.Equal(0.6, Cosine([1e30f, 0], [3e30f, 4e30f]), 1e-6); // 3 / 5
    }

    [Fact]
    public void Cosine_ScaledAndExchanged_StaysWithinBounds()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            float[] a = Lab.RandomNormal(13, seed), b = Lab.RandomNormal(13, seed + 100);
            double cosine = Cosine(a, b);
            Assert.InRange(cosine, -1, 1);
            Assert.Equal(cosine, Cosine(b, a), 1e-12);
            Assert.Equal(cosine, Cosine(Lab.Scale(a, 1000), Lab.Scale(b, 0.001f)), 1e-6);
            Assert.Equal(-cosine, Cosine(Lab.Scale(a, -1), b), 1e-12);
        }
    }

    [Fact]
    public void Cosine_OfRandomVectors_ShrinksLikeTheRootOfTheirSize()
    {
        foreach (int size in new[] { 16, 256, 4096 })
        {
            double spread = Math.Sqrt(Enumerable.Range(0, 100).Average(i => Math.Pow(Cosine(Lab.RandomNormal(size, 2 * (ulong)i), Lab.RandomNormal(size, 2 * (ulong)i + 1)), 2)));
            Assert.InRange(spread * Math.Sqrt(size), 0.8, 1.2);
        }
    }

    [Fact]
    public void Projection_ToThreeDirections_OnlyShortensDistancesAndSaysWhatItKeeps()
    {
        (_, float[][] rows) = Lab.EmbeddingTable();
        double[][] points = [.. rows.Take(40).Select(row => Array.ConvertAll(row[..64], value => (double)value))];
        PrincipalComponents axes = PrincipalComponents.Fit(points);
        double[][] seen = [.. points.Select(point => axes.Project(point, 3))];
        for (int i = 0; i < 40; i++)
            for (int j = 0; j < i; j++)
                Assert.True(Distance(seen[i], seen[j]) <= Distance(points[i], points[j]) * (1 + 1e-9));
        double kept = axes.Variances.Take(3).Sum() / axes.Variances.Sum();
        double measured = seen.Sum(point => point.Sum(value => value * value)) / points.Sum(point => Math.Pow(Distance(point, [.. axes.Mean]), 2));
        Assert.Equal(measured, kept, 1e-9);
        Assert.InRange(kept, 0.01, 0.99);
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
