using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>A norm of a model: a layer norm where it has a bias, else an RMS norm.</summary>
/// <param name="Weight">[C].</param>
/// <param name="Bias">[C], or null.</param>
/// <param name="Epsilon">ε.</param>
public sealed record Norm(Tensor Weight, Tensor? Bias, float Epsilon) : IDisposable
{
    /// <summary>Normalises rows.</summary>
    /// <param name="backend">Where the weight lives.</param>
    /// <param name="x">[T, C].</param>
    /// <param name="output">[T, C]; may be x.</param>
    public void Apply(IBackend backend, Tensor x, Tensor output)
    {
        if (Bias is null) backend.RmsNorm(x, Weight, Epsilon, output);
        else backend.LayerNorm(x, Weight, Bias, Epsilon, output);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        Weight.Dispose();
        Bias?.Dispose();
    }
}
