namespace LlmFromScratch.Models;

/// <summary>The weights of one transformer block; null where the model has no such step.</summary>
public sealed class BlockWeights : IDisposable
{
    /// <summary>[C]: before attention.</summary>
    public required Norm AttentionNorm { get; init; }

    /// <summary>[H·D, C].</summary>
    public required Linear Query { get; init; }

    /// <summary>[K·D, C].</summary>
    public required Linear Key { get; init; }

    /// <summary>[K·D, C].</summary>
    public required Linear Value { get; init; }

    /// <summary>[D]: each query head on its own, before RoPE.</summary>
    public Norm? QueryNorm { get; init; }

    /// <summary>[D]: each key head on its own, before RoPE.</summary>
    public Norm? KeyNorm { get; init; }

    /// <summary>[C, H·D].</summary>
    public required Linear AttentionOutput { get; init; }

    /// <summary>[C]: what attention adds to the residual stream, normalised once more.</summary>
    public Norm? AttentionPostNorm { get; init; }

    /// <summary>[C]: before the feed-forward network.</summary>
    public required Norm FeedForwardNorm { get; init; }

    /// <summary>[E, C]: chooses experts.</summary>
    public Linear? Router { get; init; }

    /// <summary>[F, C], or [E, F, C] for experts; null for a network without gate.</summary>
    public Linear? Gate { get; init; }

    /// <summary>[F, C], or [E, F, C].</summary>
    public required Linear Up { get; init; }

    /// <summary>[C, F], or [E, C, F].</summary>
    public required Linear Down { get; init; }

    /// <summary>[C]: what the feed-forward network adds to the residual stream, normalised once more.</summary>
    public Norm? FeedForwardPostNorm { get; init; }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (Norm? norm in (ReadOnlySpan<Norm?>)[AttentionNorm, QueryNorm, KeyNorm, AttentionPostNorm, FeedForwardNorm, FeedForwardPostNorm])
            norm?.Dispose();
        foreach (Linear? linear in (ReadOnlySpan<Linear?>)[Query, Key, Value, AttentionOutput, Router, Gate, Up, Down]) linear?.Dispose();
    }
}
