using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Models;

/// <summary>Models of a few thousand seeded random weights, for tests that need a whole forward pass and no particular text.</summary>
internal static class TinyModel
{
    /// <summary>A llama.</summary>
    public static readonly ModelConfig Config = new()
    {
        Architecture = "llama", VocabSize = 37, ContextLength = 64, EmbeddingSize = 32, LayerCount = 2, HeadCount = 4, KvHeadCount = 2,
        HeadSize = 8, FeedForwardSize = 40,
    };

    private static readonly RopeConfig Half = new() { Pairing = RopePairing.Half };

    /// <summary>One config for each thing that architectures do differently, under the name of one that does it.</summary>
    public static readonly IReadOnlyDictionary<string, ModelConfig> Architectures = new Dictionary<string, ModelConfig>
    {
        ["llama"] = Config,
        ["llama-biases"] = Config with { Biases = Biases.QueryKeyValue | Biases.AttentionOutput | Biases.FeedForward | Biases.Head },
        ["llama-yarn"] = Config with
        {
            Rope = new RopeConfig { Scaling = new RopeScaling { Kind = RopeScalingKind.Yarn, Factor = 4, OriginalContextLength = 16 } },
        },
        ["llama-moe"] = Config with { Moe = new MoeConfig { ExpertCount = 5, UsedCount = 2, FeedForwardSize = 24 } },
        ["qwen2"] = Config with { Rope = Half, Biases = Biases.QueryKeyValue },
        ["qwen3"] = Config with { Rope = Half, HeadSize = 12, Attention = new AttentionConfig { QueryKeyNorm = true } },
        ["gemma2"] = Config with
        {
            Rope = Half, PostNorm = true, FeedForwardKind = FeedForwardKind.GeGlu, EmbeddingScale = 5.5f, LogitSoftCap = 4, TiedHead = true,
            Attention = new AttentionConfig { SoftCap = 3, Window = new SlidingWindow { Size = 5, Period = 2 } },
        },
        ["gemma3"] = Config with
        {
            Rope = Half with { Base = 1e6f, LocalBase = 10_000, Scaling = new RopeScaling { Factor = 8 } }, LayerCount = 3, PostNorm = true, TiedHead = true,
            FeedForwardKind = FeedForwardKind.GeGlu, EmbeddingScale = 5.5f,
            Attention = new AttentionConfig { QueryKeyNorm = true, Window = new SlidingWindow { Size = 7, Period = 3 } },
        },
        ["phi3"] = Config with
        {
            Rope = Half with { RotatedSize = 6, Scaling = new RopeScaling { Kind = RopeScalingKind.LongRope, OriginalContextLength = 16, AttentionFactor = 1.19f } },
        },
        ["gpt2"] = Config with
        {
            Rope = null, NormKind = NormKind.Layer, FeedForwardKind = FeedForwardKind.Gelu, KvHeadCount = 4,
            Biases = Biases.QueryKeyValue | Biases.AttentionOutput | Biases.FeedForward,
        },
    };

    public static TheoryData<string> ArchitectureNames => [.. Architectures.Keys];

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
        bool hasGate = config.FeedForwardKind != FeedForwardKind.Gelu;
        Add("token_embd.weight", v, c);
        if (config.Rope is null) Add("position_embd.weight", config.ContextLength, c);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            string prefix = $"blk.{layer}.";
            Norm(prefix + "attn_norm", c);
            Linear(prefix + "attn_q", Biases.QueryKeyValue, query, c);
            Linear(prefix + "attn_k", Biases.QueryKeyValue, keyValue, c);
            Linear(prefix + "attn_v", Biases.QueryKeyValue, keyValue, c);
            if (config.Attention.QueryKeyNorm) Norm(prefix + "attn_q_norm", config.HeadSize);
            if (config.Attention.QueryKeyNorm) Norm(prefix + "attn_k_norm", config.HeadSize);
            Linear(prefix + "attn_output", Biases.AttentionOutput, c, query);
            if (config.PostNorm) Norm(prefix + "post_attention_norm", c);
            Norm(prefix + "ffn_norm", c);
            if (config.Moe is { } moe)
            {
                Add(prefix + "ffn_gate_inp.weight", moe.ExpertCount, c);
                Add(prefix + "ffn_gate_exps.weight", moe.ExpertCount, moe.FeedForwardSize, c);
                Add(prefix + "ffn_up_exps.weight", moe.ExpertCount, moe.FeedForwardSize, c);
                Add(prefix + "ffn_down_exps.weight", moe.ExpertCount, c, moe.FeedForwardSize);
            }
            else
            {
                if (hasGate) Linear(prefix + "ffn_gate", Biases.FeedForward, f, c);
                Linear(prefix + "ffn_up", Biases.FeedForward, f, c);
                Linear(prefix + "ffn_down", Biases.FeedForward, c, f);
            }
            if (config.PostNorm) Norm(prefix + "post_ffw_norm", c);
        }
        Norm("output_norm", c);
        if (!config.TiedHead) Add("output.weight", v, c);
        if (config.HasBias(Biases.Head)) Add("output.bias", v);
        if (config.Rope?.Scaling.Kind == RopeScalingKind.LongRope)
        {
            Add("rope_factors_long.weight", config.RotatedSize / 2);
            Add("rope_factors_short.weight", config.RotatedSize / 2);
        }
        return tensors;

        void Norm(string name, int size)
        {
            Add(name + ".weight", size);
            if (config.NormKind == NormKind.Layer) Add(name + ".bias", size);
        }

        void Linear(string name, Biases place, int outSize, int inSize)
        {
            Add(name + ".weight", outSize, inSize);
            if (config.HasBias(place)) Add(name + ".bias", outSize);
        }

        void Add(string name, params ReadOnlySpan<int> sizes)
        {
            Tensor tensor = Tensor.Zeros(new Shape(sizes));
            double spread = sizes.Length == 1 ? 0.1 : 2 / Math.Sqrt(tensor.Shape.RowLength);
            double mean = sizes.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0; // norms and divisors lie near 1
            foreach (ref float value in tensor.Floats) value = (float)(random.NextGaussian() * spread + mean);
            tensors.Add(name, tensor);
        }
    }
}
