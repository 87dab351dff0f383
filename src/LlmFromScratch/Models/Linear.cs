using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>A matrix of a model, with its bias where it has one: <c>y = x · Wᵀ + b</c>.</summary>
/// <param name="Weight">[out, in], or [E, out, in] for experts; for MatMul only.</param>
/// <param name="Bias">[out], or null.</param>
public sealed record Linear(Tensor Weight, Tensor? Bias = null) : IDisposable
{
    /// <summary>Multiplies rows.</summary>
    /// <param name="backend">Where the weight lives.</param>
    /// <param name="x">[T, in].</param>
    /// <param name="y">[T, out].</param>
    public void Apply(IBackend backend, Tensor x, Tensor y)
    {
        backend.MatMul(x, Weight, y);
        if (Bias is not null) backend.AddBias(y, Bias);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        Weight.Dispose();
        Bias?.Dispose();
    }
}
