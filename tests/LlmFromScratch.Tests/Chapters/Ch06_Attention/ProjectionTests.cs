using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G1: queries, keys and values are the token's normed row times three matrices.</summary>
[Trait("Chapter", "06")]
public class ProjectionTests
{
    [Fact]
    public void Projections_AtPositionZero_AreTheNormedRowTimesTheWeights() // RoPE turns position 0 by nothing
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model);
        Recorder recorder = new();
        session.Prefill([5, 6, 7], recorder);
        ModelConfig config = model.Config;
        Assert.Equal(new Shape(3, config.HeadCount, config.HeadSize), recorder.Shapes[ForwardPoint.Query]);
        Assert.Equal(new Shape(3, config.KvHeadCount, config.HeadSize), recorder.Shapes[ForwardPoint.Key]);
        Assert.Equal(new Shape(3, config.KvHeadCount, config.HeadSize), recorder.Shapes[ForwardPoint.Value]);
        float[] row = recorder.Values[ForwardPoint.AttentionNorm][..config.EmbeddingSize];
        Dictionary<string, Tensor> tensors = TinyModel.HostTensors(config, 1);
        foreach ((ForwardPoint point, string matrix) in new[] { (ForwardPoint.Query, "attn_q"), (ForwardPoint.Key, "attn_k"), (ForwardPoint.Value, "attn_v") })
        {
            float[][] weight = [.. tensors[$"blk.0.{matrix}.weight"].Floats.ToArray().Chunk(config.EmbeddingSize)]; // [out] of [in]
            for (int o = 0; o < weight.Length; o++)
                Assert.Equal(weight[o].Zip(row, (w, x) => (double)w * x).Sum(), recorder.Values[point][o], 1e-5);
        }
    }

    // Keeps layer 0.
    private sealed class Recorder : IForwardObserver
    {
        public Dictionary<ForwardPoint, float[]> Values { get; } = [];
        public Dictionary<ForwardPoint, Shape> Shapes { get; } = [];

        public void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
        {
            if (layer != 0) return;
            Values[point] = value.Floats.ToArray();
            Shapes[point] = value.Shape;
        }
    }
}
