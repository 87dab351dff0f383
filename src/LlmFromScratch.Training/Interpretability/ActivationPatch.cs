using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Interpretability;

/// <summary>
/// Puts activations of one run into another as it computes: whatever the later blocks then do differently was caused by them (Vig et al. 2020; Meng et al.
/// 2022, causal tracing).
/// </summary>
/// <param name="source">A run over a text of as many tokens.</param>
/// <param name="layer">The block whose activations are replaced.</param>
/// <param name="position">The token whose row is replaced; null for all.</param>
public sealed class ActivationPatch(ActivationRecord source, int layer, int? position) : IForwardObserver
{
    /// <inheritdoc/>
    public void Observe(ForwardPoint point, int layerSeen, Tensor value, IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(backend);
        if (point != source.Point || layerSeen != layer) return;
        float[] values = new float[value.Shape.Count], recorded = source.Values(layer);
        if (recorded.Length != values.Length) throw new InvalidOperationException(
            $"ActivationPatch: the recorded run has {recorded.Length} values at {point}, this one {values.Length}; "
            + "expected texts of as many tokens in one forward call.");
        int first = position is int row ? row * (values.Length / value.Shape[0]) : 0, count = position is null ? values.Length : values.Length / value.Shape[0];
        backend.Download(value, values.AsSpan());
        recorded.AsSpan(first, count).CopyTo(values.AsSpan(first));
        backend.Upload<float>(values, value);
    }
}
