using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Diagnostics;

/// <summary>Sees activations as they are computed; costs nothing when there is none. The course's diagrams and interpretability tools stand on it.</summary>
public interface IForwardObserver
{
    /// <summary>Called after each step of the forward pass.</summary>
    /// <param name="point">Which step.</param>
    /// <param name="layer">The block, from 0; -1 outside the blocks.</param>
    /// <param name="value">The activations, valid only during the call: copy what must stay, with the backend's Download.</param>
    /// <param name="backend">Where <paramref name="value"/> lives.</param>
    void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend);
}
