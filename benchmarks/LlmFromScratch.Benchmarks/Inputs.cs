using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Benchmarks;

/// <summary>Seeded tensors to measure on.</summary>
internal static class Inputs
{
    public static Tensor Gaussians(params ReadOnlySpan<int> sizes)
    {
        Tensor tensor = Tensor.Zeros(new Shape(sizes));
        SeededRandom random = new(1);
        foreach (ref float value in tensor.Floats) value = (float)random.NextGaussian();
        return tensor;
    }

    /// <summary>A weight [out, in] of any type.</summary>
    public static Tensor Weight(DType dtype, int outSize, int inSize)
    {
        Tensor values = Gaussians(outSize, inSize), weight = Tensor.Zeros(values.Shape, dtype);
        for (int o = 0; o < outSize; o++)
            RowCodec.Encode(dtype, values.Slice(o, 1).Floats, weight.Slice(o, 1).Bytes);
        return weight;
    }
}
