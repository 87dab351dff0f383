using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>The frequencies of a model's RoPE on the device, and which of them a layer uses.</summary>
public sealed class RopeWeights : IDisposable
{
    /// <summary>[R/2]: radians a position of each pair.</summary>
    public required Tensor Frequencies { get; init; }

    /// <summary>[R/2] for contexts that are no longer than the original one, or null where that makes no difference (LongRoPE).</summary>
    public Tensor? ShortFrequencies { get; init; }

    /// <summary>[R/2] for layers with a sliding window, or null where they are like the others (gemma3).</summary>
    public Tensor? LocalFrequencies { get; init; }

    /// <summary>What a layer hands to the backend.</summary>
    /// <param name="rope">The model's RoPE.</param>
    /// <param name="isLocal">Whether the layer has a sliding window.</param>
    /// <param name="isShort">Whether the session's context is no longer than the original one.</param>
    public RopeOptions Options(RopeConfig rope, bool isLocal, bool isShort) => isLocal && LocalFrequencies is not null
        ? new RopeOptions(rope.Pairing, LocalFrequencies)
        : new RopeOptions(rope.Pairing, isShort ? ShortFrequencies ?? Frequencies : Frequencies, rope.Scaling.Magnitude);

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        Frequencies.Dispose();
        ShortFrequencies?.Dispose();
        LocalFrequencies?.Dispose();
    }
}
