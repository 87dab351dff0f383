using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// A loaded decoder-only transformer: token rows in, one row of logits for each wanted row out. Immutable; the cache, the batch and the
/// activations belong to the caller, so one model serves many sessions on its backend.
/// </summary>
[TypeFormatterSource(TypeFormatterSourceAttribute.Visuals, "ModelFormatterSource")]
public sealed class Transformer : IDisposable
{
    private readonly TransformerBlock[] _blocks;

    /// <summary>A model over weights that live on <paramref name="backend"/>; disposes the weights with itself, not the backend.</summary>
    public Transformer(IBackend backend, ModelConfig config, TransformerWeights weights)
    {
        (Backend, Config, Weights) = (backend, config.Validate(), weights);
        _blocks = weights.Blocks.Select((block, layer) => new TransformerBlock(config, block, layer, weights.Rope)).ToArray();
    }

    /// <summary>The device that the weights live on.</summary>
    public IBackend Backend { get; }

    /// <summary>Sizes and constants.</summary>
    public ModelConfig Config { get; }

    /// <summary>The weights.</summary>
    public TransformerWeights Weights { get; }

    /// <summary>Runs the batch through all blocks, extends the cache by its rows, and returns the logits of the wanted rows.</summary>
    /// <param name="batch">T committed rows.</param>
    /// <param name="cache">[L] one cache a layer; the batch's block table says where its rows go.</param>
    /// <param name="state">Activations for at least T rows.</param>
    /// <param name="observer">Sees every step, or null.</param>
    /// <returns>[W, V] on the device, valid until the next call with this <paramref name="state"/>.</returns>
    public Tensor Forward(ForwardBatch batch, IReadOnlyList<KvPages> cache, RunState state, IForwardObserver? observer = null)
    {
        state.Resize(batch.RowCount, batch.WantedCount);
        RunState.RowViews x = state.Rows;
        Backend.Embed(Weights.TokenEmbedding, batch.Ids, x.Residual); // ids [T] -> [T, C]
        if (Config.EmbeddingScale != 1) Backend.Scale(x.Residual, Config.EmbeddingScale, x.Residual);
        if (Weights.PositionEmbedding is not null)
        {
            Backend.Embed(Weights.PositionEmbedding, batch.Positions, x.Delta); // positions [T] -> [T, C]
            Backend.Add(x.Residual, x.Delta, x.Residual);
        }
        observer?.Observe(ForwardPoint.Embedding, -1, x.Residual, Backend);
        for (int layer = 0; layer < _blocks.Length; layer++)
            _blocks[layer].Forward(Backend, batch, cache[layer], state, observer);

        RunState.WantedViews wanted = state.Wanted;
        Backend.GatherRows(x.Residual, batch.Wanted, wanted.Hidden); // [T, C] -> [W, C]: the head is dear, so only where logits are wanted
        Weights.FinalNorm.Apply(Backend, wanted.Hidden, wanted.Hidden);
        observer?.Observe(ForwardPoint.FinalNorm, -1, wanted.Hidden, Backend);
        Weights.Head.Apply(Backend, wanted.Hidden, wanted.Logits); // [W, C] -> [W, V]
        if (Config.LogitSoftCap is { } cap) Backend.SoftCap(wanted.Logits, cap, wanted.Logits);
        observer?.Observe(ForwardPoint.Logits, -1, wanted.Logits, Backend);
        return wanted.Logits;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Weights.Dispose();
}
