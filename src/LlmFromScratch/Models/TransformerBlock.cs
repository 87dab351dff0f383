using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;

namespace LlmFromScratch.Models;

/// <summary>
/// One pre-norm block: <c>x += Attention(Norm(x))</c>, then <c>x += FeedForward(Norm(x))</c> (Touvron et al. 2023, section 2.2).
/// Taught in notebooks/06-attention.ipynb.
/// </summary>
internal sealed class TransformerBlock(ModelConfig config, BlockWeights weights, int layer, Tensors.Tensor ropeFrequencies)
{
    private readonly AttentionOptions _attention = new(Scale: 1 / MathF.Sqrt(config.HeadSize));
    private readonly RopeOptions _rope = new(config.RopePairing, ropeFrequencies);

    public void Forward(IBackend backend, ForwardBatch batch, KvPages pages, RunState.RowViews x, IForwardObserver? observer)
    {
        // Attention: each row asks (query) what the rows before it offer (key) and takes a mixture of what they hold (value).
        backend.RmsNorm(x.Residual, weights.AttentionNorm, config.NormEpsilon, x.Normed); // [T, C]
        observer?.Observe(ForwardPoint.AttentionNorm, layer, x.Normed, backend);
        backend.MatMul(x.Normed, weights.Query, x.Query); // [T, C] -> [T, H·D]
        backend.MatMul(x.Normed, weights.Key, x.Key); // [T, C] -> [T, K·D]
        backend.MatMul(x.Normed, weights.Value, x.Value); // [T, C] -> [T, K·D]
        backend.Rope(x.QueryHeads, batch.Positions, _rope);
        backend.Rope(x.KeyHeads, batch.Positions, _rope);
        observer?.Observe(ForwardPoint.Query, layer, x.QueryHeads, backend);
        observer?.Observe(ForwardPoint.Key, layer, x.KeyHeads, backend);
        observer?.Observe(ForwardPoint.Value, layer, x.ValueHeads, backend);
        backend.WriteKv(x.KeyHeads, x.ValueHeads, pages, batch);
        backend.Attention(x.QueryHeads, pages, batch, _attention, x.MixedHeads); // [T, H, D]
        observer?.Observe(ForwardPoint.AttentionHeads, layer, x.MixedHeads, backend);
        backend.MatMul(x.Mixed, weights.AttentionOutput, x.Delta); // [T, H·D] -> [T, C]
        backend.Add(x.Residual, x.Delta, x.Residual);
        observer?.Observe(ForwardPoint.AttentionResidual, layer, x.Residual, backend);

        // Feed-forward (SwiGLU): each row on its own, silu(gate) · up, then back to the width of the residual stream.
        backend.RmsNorm(x.Residual, weights.FeedForwardNorm, config.NormEpsilon, x.Normed); // [T, C]
        observer?.Observe(ForwardPoint.FeedForwardNorm, layer, x.Normed, backend);
        backend.MatMul(x.Normed, weights.Gate, x.Gate); // [T, C] -> [T, F]
        backend.MatMul(x.Normed, weights.Up, x.Up); // [T, C] -> [T, F]
        backend.SiluMul(x.Gate, x.Up, x.Gate);
        observer?.Observe(ForwardPoint.FeedForwardHidden, layer, x.Gate, backend);
        backend.MatMul(x.Gate, weights.Down, x.Delta); // [T, F] -> [T, C]
        backend.Add(x.Residual, x.Delta, x.Residual);
        observer?.Observe(ForwardPoint.BlockOutput, layer, x.Residual, backend);
    }
}
