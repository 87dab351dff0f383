using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Cpu;

/// <summary>Products on activations of 8 bits against the same rounding done by hand here, in double.</summary>
public class RoundedMatMulTests
{
    private const double Tolerance = 1e-6; // a share of the sum of the products' magnitudes: integer sums are exact, floats are rounded 3 times a block

    public static TheoryData<DType> BlockTypes => new(Enum.GetValues<DType>().Where(dtype => dtype.BlockSize() > 1));

    [Fact]
    public void OneBlock_ByHand_IsTheRoundedProduct()
    {
        // x = [127, -1, 0.4, 0 ...]: the scale is 1, so 0.4 becomes 0. Weights: d = 1, q = [2, 3, 100, 0 ...]: 127 · 2 - 1 · 3 + 0 · 100 = 251.
        using CpuBackend backend = new(1, ActivationType.Q8);
        using Tensor weight = Tensor.Zeros(new Shape(1, 32), DType.Q8_0), x = Tensor.Zeros(new Shape(1, 32)), y = Tensor.Zeros(new Shape(1, 1));
        (weight.Bytes[1], weight.Bytes[2], weight.Bytes[3], weight.Bytes[4]) = (0x3C, 2, 3, 100);
        (x.Floats[0], x.Floats[1], x.Floats[2]) = (127, -1, 0.4f);
        backend.MatMul(x, backend.LoadMatMulWeight(weight), y);
        Assert.Equal(251, y.Floats[0]);
    }

    [Theory]
    [MemberData(nameof(BlockTypes))]
    public void MatMul_AnyFormat_IsTheProductWithRoundedActivations(DType dtype)
    {
        const int rows = 6, size = 512, outSize = 37;
        using CpuBackend backend = new(2, ActivationType.Q8);
        float[] actual = OpRuns.MatMul(backend, dtype, rows, size, outSize, rows), x = OpRuns.Gaussians(rows * size, 1), weight = new float[outSize * size];
        LlmFromScratch.Kernels.Quantization.RowCodec.Decode(OpRuns.Weight(dtype, outSize, size)).Floats.CopyTo(weight);
        for (int i = 0; i < x.Length; i += 16) Round(x.AsSpan(i, 16));
        for (int t = 0; t < rows; t++)
        for (int o = 0; o < outSize; o++)
        {
            double sum = 0, magnitude = 0;
            for (int i = 0; i < size; i++)
            {
                double product = (double)x[t * size + i] * weight[o * size + i];
                (sum, magnitude) = (sum + product, magnitude + Math.Abs(product));
            }
            Assert.True(Math.Abs(actual[t * outSize + o] - sum) <= Tolerance * magnitude, $"{dtype} [{t}, {o}]: expected {sum}, got {actual[t * outSize + o]}");
        }
    }

    [Fact]
    public void MatMul_ZerosAndTinyActivations_AreFinite()
    {
        using CpuBackend backend = new(1, ActivationType.Q8);
        using Tensor weight = backend.LoadMatMulWeight(OpRuns.Weight(DType.Q4_0, 16, 32)), x = Tensor.Zeros(new Shape(1, 32)), y = Tensor.Zeros(new Shape(1, 16));
        x.Floats[20] = 1e-40f; // 127 divided by it would be infinite
        backend.MatMul(x, weight, y);
        Assert.All(y.Floats.ToArray(), value => Assert.Equal(0, value, 1e-30f));
    }

    private static void Round(Span<float> block)
    {
        float max = 0;
        foreach (float value in block) max = Math.Max(max, Math.Abs(value));
        float inverse = 127 / max;
        for (int i = 0; i < block.Length; i++) block[i] = max / 127 * MathF.Round(block[i] * inverse, MidpointRounding.ToEven);
    }
}
