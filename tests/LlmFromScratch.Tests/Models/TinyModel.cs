using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Models;

/// <summary>A llama of a few thousand seeded random weights, for tests that need a whole forward pass and no particular text.</summary>
internal static class TinyModel
{
    public static readonly ModelConfig Config = new()
    {
        Architecture = "llama", VocabSize = 37, ContextLength = 64, EmbeddingSize = 32, LayerCount = 2, HeadCount = 4, KvHeadCount = 2,
        HeadSize = 8, FeedForwardSize = 40,
    };

    public static Transformer Create(IBackend backend, ModelConfig? config = null, ulong seed = 1)
    {
        config ??= Config;
        Dictionary<string, Tensor> tensors = HostTensors(config, seed);
        return new Transformer(backend, config, WeightLoader.Load(backend, config, tensors.GetValueOrDefault));
    }

    public static Dictionary<string, Tensor> HostTensors(ModelConfig config, ulong seed)
    {
        SeededRandom random = new(seed);
        Dictionary<string, Tensor> tensors = [];
        (int c, int f, int v) = (config.EmbeddingSize, config.FeedForwardSize, config.VocabSize);
        (int query, int keyValue) = (config.HeadCount * config.HeadSize, config.KvHeadCount * config.HeadSize);
        Add("token_embd.weight", v, c);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            Add($"blk.{layer}.attn_norm.weight", c);
            Add($"blk.{layer}.attn_q.weight", query, c);
            Add($"blk.{layer}.attn_k.weight", keyValue, c);
            Add($"blk.{layer}.attn_v.weight", keyValue, c);
            Add($"blk.{layer}.attn_output.weight", c, query);
            Add($"blk.{layer}.ffn_norm.weight", c);
            Add($"blk.{layer}.ffn_gate.weight", f, c);
            Add($"blk.{layer}.ffn_up.weight", f, c);
            Add($"blk.{layer}.ffn_down.weight", c, f);
        }
        Add("output_norm.weight", c);
        if (!config.TiedHead) Add("output.weight", v, c);
        return tensors;

        void Add(string name, params ReadOnlySpan<int> sizes)
        {
            Tensor tensor = Tensor.Zeros(new Shape(sizes));
            double spread = sizes.Length == 1 ? 0.1 : 2 / Math.Sqrt(tensor.Shape.RowLength);
            foreach (ref float value in tensor.Floats) value = (float)(random.NextGaussian() * spread + (tensor.Shape.Rank == 1 ? 1 : 0));
            tensors.Add(name, tensor);
        }
    }
}
