using LlmFromScratch.Course;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Chapters.Ch07_TransformerBlock;

[Trait("Chapter", "07")]
public class NormTests
{
    private const int Size = 64;

    [Fact]
    public void LayerNorm_AnyRow_HasMeanZeroAndVarianceOne()
    {
        float[] normed = LayerNorm([.. Lab.RandomNormal(Size, 1).Select(value => 3 * value + 5)]);
        Assert.Equal(0, normed.Average(), 1e-5);
        Assert.Equal(1, normed.Average(value => value * value), 1e-4);
    }

    [Fact]
    public void RmsNorm_RowOfMeanZero_EqualsLayerNorm()
    {
        float[] row = Lab.RandomNormal(Size, 2);
        float[] centred = Array.ConvertAll(row, value => value - row.Average());
        float[] rms = RmsNorm(centred), layer = LayerNorm(centred);
        for (int i = 0; i < Size; i++) Assert.Equal(layer[i], rms[i], 1e-5f);
        Assert.NotEqual(LayerNorm(row)[0], RmsNorm([.. row.Select(value => value + 5)])[0], 1e-3f); // elsewhere they differ
    }

    [Fact]
    public void RmsNorm_ScaledRow_StaysTheSame()
    {
        float[] row = Lab.RandomNormal(Size, 3);
        float[] once = RmsNorm(row), scaled = RmsNorm(Lab.Scale(row, 1000));
        for (int i = 0; i < Size; i++) Assert.Equal(once[i], scaled[i], 1e-4f);
    }

    [Fact]
    public void Model_WithoutNorms_CannotReadATale()
    {
        string tale = File.ReadAllText(Path.Combine(TestData.SolutionFolder, "data", "early-tales-sample.txt")).Split('\n')[0]; // its first paragraph
        double whole = Lab.Loss(tale, new ReferenceBackend()), without = Lab.Loss(tale, new NoNorm());
        Assert.True(without > 5 * whole, $"{without:f2} against {whole:f2} nats a token");
    }

    private static float[] RmsNorm(float[] row)
    {
        Tensor output = Tensor.Zeros(new Shape(1, Size));
        new ReferenceBackend().RmsNorm(Tensor.FromFloats(row, 1, Size), Ones, 1e-5f, output);
        return output.Floats.ToArray();
    }

    private static float[] LayerNorm(float[] row)
    {
        Tensor output = Tensor.Zeros(new Shape(1, Size));
        new ReferenceBackend().LayerNorm(Tensor.FromFloats(row, 1, Size), Ones, Tensor.Zeros(new Shape(Size)), 1e-5f, output);
        return output.Floats.ToArray();
    }

    private static Tensor Ones => Tensor.FromFloats(Enumerable.Repeat(1f, Size).ToArray(), Size);

    private sealed class NoNorm : ReferenceBackend
    {
        protected internal override void NormRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
        {
            for (int i = 0; i < x.Length; i++) output[i] = x[i] * weight[i];
        }
    }
}
