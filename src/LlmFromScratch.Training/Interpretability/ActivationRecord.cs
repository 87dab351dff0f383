using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Interpretability;

/// <summary>Copies of the activations at one point of every block, from one forward call.</summary>
/// <param name="point">Where to look; a point that every block has.</param>
public sealed class ActivationRecord(ForwardPoint point) : IForwardObserver
{
    private readonly Dictionary<int, float[]> _values = [];

    /// <summary>Where it looked.</summary>
    public ForwardPoint Point => point;

    /// <inheritdoc/>
    public void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(backend);
        if (point != Point) return;
        float[] copy = new float[value.Shape.Count];
        backend.Download(value, copy.AsSpan());
        _values[layer] = copy;
    }

    /// <summary>The activations of a block, row after row.</summary>
    /// <exception cref="KeyNotFoundException">The block was not seen.</exception>
    public float[] Values(int layer) => _values[layer];
}
