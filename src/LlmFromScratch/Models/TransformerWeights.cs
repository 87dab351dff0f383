using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>All weights of a decoder-only transformer, on the device that loaded them. Matrices are [out, in].</summary>
public sealed class TransformerWeights : IDisposable
{
    /// <summary>[V, C]: one row a token.</summary>
    public required Tensor TokenEmbedding { get; init; }

    /// <summary>[L]: the blocks.</summary>
    public required IReadOnlyList<BlockWeights> Blocks { get; init; }

    /// <summary>[C]: the norm after the last block.</summary>
    public required Tensor FinalNorm { get; init; }

    /// <summary>[V, C]: turns the last hidden state into logits; the embedding's values when the head is tied.</summary>
    public required Tensor Head { get; init; }

    /// <summary>[D/2] F32: radians a position for each pair that RoPE turns.</summary>
    public required Tensor RopeFrequencies { get; init; }

    /// <summary>Frees all device memory; mapped file memory belongs to the file.</summary>
    public void Dispose()
    {
        foreach (BlockWeights block in Blocks) block.Dispose();
        foreach (Tensor tensor in (ReadOnlySpan<Tensor>)[TokenEmbedding, FinalNorm, Head, RopeFrequencies]) tensor.Dispose();
    }
}
