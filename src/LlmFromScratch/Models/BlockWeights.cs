using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>The weights of one transformer block.</summary>
public sealed class BlockWeights : IDisposable
{
    /// <summary>[C]: the norm before attention.</summary>
    public required Tensor AttentionNorm { get; init; }

    /// <summary>[H·D, C].</summary>
    public required Tensor Query { get; init; }

    /// <summary>[K·D, C].</summary>
    public required Tensor Key { get; init; }

    /// <summary>[K·D, C].</summary>
    public required Tensor Value { get; init; }

    /// <summary>[C, H·D].</summary>
    public required Tensor AttentionOutput { get; init; }

    /// <summary>[C]: the norm before the feed-forward network.</summary>
    public required Tensor FeedForwardNorm { get; init; }

    /// <summary>[F, C].</summary>
    public required Tensor Gate { get; init; }

    /// <summary>[F, C].</summary>
    public required Tensor Up { get; init; }

    /// <summary>[C, F].</summary>
    public required Tensor Down { get; init; }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in (ReadOnlySpan<Tensor>)[AttentionNorm, Query, Key, Value, AttentionOutput, FeedForwardNorm, Gate, Up, Down])
            tensor.Dispose();
    }
}
