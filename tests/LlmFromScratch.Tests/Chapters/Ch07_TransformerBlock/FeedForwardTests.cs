using LlmFromScratch.Course;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Chapters.Ch07_TransformerBlock;

[Trait("Chapter", "07")]
public class FeedForwardTests
{
    [Fact]
    public void Network_OfTheEngine_IsTheFormula()
    {
        // x = (2, 1); gate row (1, -1) gives 1, silu(1) = 0.7310586; up row (3, 0) gives 6; hidden 4.3863516; down column (1, -0.5)
        var backend = new ReferenceBackend();
        Tensor x = Tensor.FromFloats([2, 1], 1, 2), gate = Tensor.Zeros(new Shape(1, 1)), up = Tensor.Zeros(new Shape(1, 1)), y = Tensor.Zeros(new Shape(1, 2));
        backend.MatMul(x, Tensor.FromFloats([1, -1], 1, 2), gate);
        backend.MatMul(x, Tensor.FromFloats([3, 0], 1, 2), up);
        backend.SiluMul(gate, up, up);
        backend.MatMul(up, Tensor.FromFloats([1, -0.5f], 2, 1), y);
        Assert.Equal(4.3863516f, y.Floats[0], 1e-5f);
        Assert.Equal(-2.1931758f, y.Floats[1], 1e-5f);
    }

    [Theory]
    [InlineData(768)]
    [InlineData(4096)]
    [InlineData(12288)]
    public void SwiGlu_AtTwoThirds_CostsAsMuchAsTheOldForm(long width)
    {
        long relu = 2 * width * 4 * width, gated = 3 * width * (8 * width / 3);
        Assert.InRange((double)gated / relu, 0.9999, 1);
    }

    [Fact]
    public void Dropout_LargeRow_KeepsTheMean()
    {
        using Tape tape = new();
        Variable ones = new Variable("x", new Shape(1, 100_000)).Fill(Enumerable.Repeat(1f, 100_000).ToArray());
        float[] dropped = tape.Dropout(ones, 0.3f, new SeededRandom(4)).Data.ToArray();
        Assert.Equal(0.3, dropped.Count(value => value == 0) / 100_000.0, 0.01); // 0.01: seven deviations of the count
        Assert.Equal(1, dropped.Average(), 0.02);
        Assert.Equal(1 / 0.7f, dropped.Max(), 1e-5f);
    }

    [Fact]
    public void Activations_BelowZero_DipWhereReluIsFlat()
    {
        var backend = new ReferenceBackend();
        Tensor z = Tensor.FromFloats([-1.278f, -0.752f, 3f], 1, 3), ones = Tensor.FromFloats([1, 1, 1], 1, 3), silu = Tensor.Zeros(new Shape(1, 3)), gelu = Tensor.Zeros(new Shape(1, 3));
        backend.SiluMul(z, ones, silu);
        backend.Gelu(z, gelu);
        Assert.Equal(-0.2785f, silu.Floats[0], 1e-4f); // the lowest points of the two
        Assert.Equal(-0.1700f, gelu.Floats[1], 1e-4f);
        Assert.InRange(gelu.Floats[2], 2.9f, 3);
    }
}
