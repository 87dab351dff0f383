using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>All weights of a decoder-only transformer, on the device that loaded them. Matrices are [out, in].</summary>
public sealed class TransformerWeights : IDisposable
{
    /// <summary>[V, C]: one row a token.</summary>
    public required Tensor TokenEmbedding { get; init; }

    /// <summary>[context, C]: one row a position, where positions are learned; null where RoPE turns them.</summary>
    public Tensor? PositionEmbedding { get; init; }

    /// <summary>[L]: the blocks.</summary>
    public required IReadOnlyList<BlockWeights> Blocks { get; init; }

    /// <summary>[C]: the norm after the last block.</summary>
    public required Norm FinalNorm { get; init; }

    /// <summary>[V, C]: turns the last hidden state into logits; the embedding's values when the head is tied.</summary>
    public required Linear Head { get; init; }

    /// <summary>The rotary frequencies; null where positions are learned.</summary>
    public RopeWeights? Rope { get; init; }

    /// <summary>Frees all device memory; mapped file memory belongs to the file.</summary>
    public void Dispose()
    {
        foreach (BlockWeights block in Blocks) block.Dispose();
        TokenEmbedding.Dispose();
        PositionEmbedding?.Dispose();
        FinalNorm.Dispose();
        Head.Dispose();
        Rope?.Dispose();
    }
}
