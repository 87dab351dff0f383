using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// One pre-norm block: <c>x += Attention(Norm(x))</c>, then <c>x += FeedForward(Norm(x))</c> (Touvron et al. 2023, section 2.2). A step that a model
/// does not have is a null in its weights. Taught in notebooks/06-attention.ipynb.
/// </summary>
internal sealed class TransformerBlock(ModelConfig config, BlockWeights weights, int layer, RopeWeights? rope)
{
    private readonly AttentionOptions _attention = config.AttentionOptionsOf(layer);

    public void Forward(IBackend backend, ForwardBatch batch, KvPages pages, RunState state, IForwardObserver? observer)
    {
        // Attention: each row asks (query) what the rows before it offer (key) and takes a mixture of what they hold (value).
        RunState.RowViews x = state.Rows;
        weights.AttentionNorm.Apply(backend, x.Residual, x.Normed); // [T, C]
        observer?.Observe(ForwardPoint.AttentionNorm, layer, x.Normed, backend);
        weights.Query.Apply(backend, x.Normed, x.Query); // [T, C] -> [T, H·D]
        weights.Key.Apply(backend, x.Normed, x.Key); // [T, C] -> [T, K·D]
        weights.Value.Apply(backend, x.Normed, x.Value); // [T, C] -> [T, K·D]
        weights.QueryNorm?.Apply(backend, x.QueryRows, x.QueryRows); // [T·H, D]: each head on its own
        weights.KeyNorm?.Apply(backend, x.KeyRows, x.KeyRows); // [T·K, D]
        Turn(backend, batch, x, state.ContextLength);
        observer?.Observe(ForwardPoint.Query, layer, x.QueryHeads, backend);
        observer?.Observe(ForwardPoint.Key, layer, x.KeyHeads, backend);
        observer?.Observe(ForwardPoint.Value, layer, x.ValueHeads, backend);
        backend.WriteKv(x.KeyHeads, x.ValueHeads, pages, batch);
        backend.Attention(x.QueryHeads, pages, batch, _attention, x.MixedHeads); // [T, H, D]
        observer?.Observe(ForwardPoint.AttentionHeads, layer, x.MixedHeads, backend);
        weights.AttentionOutput.Apply(backend, x.Mixed, x.Delta); // [T, H·D] -> [T, C]
        weights.AttentionPostNorm?.Apply(backend, x.Delta, x.Delta);
        backend.Add(x.Residual, x.Delta, x.Residual);
        observer?.Observe(ForwardPoint.AttentionResidual, layer, x.Residual, backend);

        // Feed-forward: each row on its own, through one wide layer or a few experts, then back to the width of the residual stream.
        weights.FeedForwardNorm.Apply(backend, x.Residual, x.Normed); // [T, C]
        observer?.Observe(ForwardPoint.FeedForwardNorm, layer, x.Normed, backend);
        if (state.Experts is { } experts) ChooseAndMix(backend, x, experts, observer);
        else FeedForward(backend, x, observer);
        weights.FeedForwardPostNorm?.Apply(backend, x.Delta, x.Delta);
        backend.Add(x.Residual, x.Delta, x.Residual);
        observer?.Observe(ForwardPoint.BlockOutput, layer, x.Residual, backend);
    }

    private void Turn(IBackend backend, ForwardBatch batch, RunState.RowViews x, int contextLength)
    {
        if (rope is null || config.Rope is null) return; // learned positions came with the embedding
        RopeOptions options = rope.Options(config.Rope, config.IsLocal(layer), isShort: contextLength <= config.Rope.Scaling.OriginalContextLength);
        backend.Rope(x.QueryHeads, batch.Positions, options);
        backend.Rope(x.KeyHeads, batch.Positions, options);
    }

    private void FeedForward(IBackend backend, RunState.RowViews x, IForwardObserver? observer)
    {
        weights.Gate?.Apply(backend, x.Normed, x.Gate); // [T, C] -> [T, F]
        weights.Up.Apply(backend, x.Normed, x.Up); // [T, C] -> [T, F]
        Activate(backend, x.Gate, x.Up);
        observer?.Observe(ForwardPoint.FeedForwardHidden, layer, x.Up, backend);
        weights.Down.Apply(backend, x.Up, x.Delta); // [T, F] -> [T, C]
    }

    private void ChooseAndMix(IBackend backend, RunState.RowViews x, RunState.ExpertViews experts, IForwardObserver? observer)
    {
        weights.Router!.Apply(backend, x.Normed, experts.Logits); // [T, C] -> [T, E]; not null: the config has experts, and so has the loader
        backend.RouteExperts(experts.Logits, experts.Ids, experts.Weights); // [T, E] -> [T, U] twice
        backend.ExpertMatMul(x.Normed, weights.Gate!.Weight, experts.Ids, experts.Gate); // [T, C] -> [T, U, F]; experts have a gate: Validate
        backend.ExpertMatMul(x.Normed, weights.Up.Weight, experts.Ids, experts.Up); // [T, C] -> [T, U, F]
        Activate(backend, experts.Gate, experts.Up);
        observer?.Observe(ForwardPoint.FeedForwardHidden, layer, experts.Up, backend);
        backend.ExpertMatMul(experts.Up, weights.Down.Weight, experts.Ids, experts.Answers); // [T, U, F] -> [T, U, C]
        backend.MixExperts(experts.Answers, experts.Weights, x.Delta); // [T, U, C] -> [T, C]
    }

    private void Activate(IBackend backend, Tensor gate, Tensor up)
    {
        if (config.FeedForwardKind == FeedForwardKind.SwiGlu) backend.SiluMul(gate, up, up);
        else if (config.FeedForwardKind == FeedForwardKind.GeGlu) backend.GeluMul(gate, up, up);
        else backend.Gelu(up, up);
    }
}
