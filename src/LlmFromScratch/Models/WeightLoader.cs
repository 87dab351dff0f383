using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>Brings named tensors to a backend as the weights of a transformer. The names are those of GGUF files.</summary>
public static class WeightLoader
{
    /// <summary>Loads every weight that <paramref name="config"/> asks for from a GGUF file.</summary>
    /// <param name="backend">Where the weights go.</param>
    /// <param name="config">Says which weights there are and their shapes.</param>
    /// <param name="file">Stays open while the weights are used.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape; the message names file and tensor.</exception>
    public static TransformerWeights Load(IBackend backend, ModelConfig config, GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Load(backend, config, name => GgufWeights.Find(file, config, name), file.Path);
    }

    /// <summary>Loads every weight that <paramref name="config"/> asks for and checks its shape.</summary>
    /// <param name="backend">Where the weights go.</param>
    /// <param name="config">Says which weights there are and their shapes.</param>
    /// <param name="find">Gives the host tensor of a name, or null if there is none.</param>
    /// <param name="source">What error messages begin with.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape; the message names it.</exception>
    public static TransformerWeights Load(IBackend backend, ModelConfig config, Func<string, Tensor?> find, string source = "Weights")
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(find);
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        WeightFinder weights = new(backend, config, find, source);
        (int c, int v) = (config.EmbeddingSize, config.VocabSize);
        Tensor embedding = weights.Host("token_embd.weight", v, c);
        Tensor head = config.TiedHead ? embedding : weights.Host("output.weight", v, c);
        return new TransformerWeights
        {
            TokenEmbedding = backend.Load(embedding),
            PositionEmbedding = config.Rope is null ? backend.Load(weights.Host("position_embd.weight", config.ContextLength, c)) : null,
            Blocks = Enumerable.Range(0, config.LayerCount).Select(layer => Block(weights, config, $"blk.{layer}.")).ToArray(),
            FinalNorm = weights.Norm("output_norm", c),
            Head = new Linear(backend.LoadMatMulWeight(head), weights.Bias("output", Biases.Head, v)),
            Rope = config.Rope is null ? null : Rope(weights, config, config.Rope),
        };
    }

    private static BlockWeights Block(WeightFinder weights, ModelConfig config, string prefix)
    {
        (int c, int d) = (config.EmbeddingSize, config.HeadSize);
        (int queries, int keys) = (config.HeadCount * d, config.KvHeadCount * d); // H·D, K·D
        Linear[] fused = weights.Split(prefix + "attn_qkv", Biases.QueryKeyValue, c, queries, keys, keys);
        bool isFused = fused.Length > 0, hasGate = config.FeedForwardKind != FeedForwardKind.Gelu;
        MoeConfig? moe = config.Moe;
        int f = moe?.FeedForwardSize ?? config.FeedForwardSize;
        Linear[] gateUp = hasGate && moe is null && !weights.Has(prefix + "ffn_gate.weight") ? weights.Split(prefix + "ffn_up", Biases.FeedForward, c, f, f) : [];
        return new BlockWeights
        {
            AttentionNorm = weights.Norm(prefix + "attn_norm", c),
            Query = isFused ? fused[0] : weights.Linear(prefix + "attn_q", Biases.QueryKeyValue, queries, c),
            Key = isFused ? fused[1] : weights.Linear(prefix + "attn_k", Biases.QueryKeyValue, keys, c),
            Value = isFused ? fused[2] : weights.Linear(prefix + "attn_v", Biases.QueryKeyValue, keys, c),
            QueryNorm = config.Attention.QueryKeyNorm ? weights.Norm(prefix + "attn_q_norm", d) : null,
            KeyNorm = config.Attention.QueryKeyNorm ? weights.Norm(prefix + "attn_k_norm", d) : null,
            AttentionOutput = weights.Linear(prefix + "attn_output", Biases.AttentionOutput, c, queries),
            AttentionPostNorm = config.PostNorm ? weights.Norm(prefix + "post_attention_norm", c) : null,
            FeedForwardNorm = weights.Norm(prefix + "ffn_norm", c),
            Router = moe is null ? null : weights.Linear(prefix + "ffn_gate_inp", Biases.None, moe.ExpertCount, c),
            Gate = moe is not null ? weights.Experts(prefix + "ffn_gate_exps", moe.ExpertCount, f, c)
                : gateUp.Length > 0 ? gateUp[0]
                : hasGate ? weights.Linear(prefix + "ffn_gate", Biases.FeedForward, f, c) : null,
            Up = moe is not null ? weights.Experts(prefix + "ffn_up_exps", moe.ExpertCount, f, c)
                : gateUp.Length > 0 ? gateUp[1] : weights.Linear(prefix + "ffn_up", Biases.FeedForward, f, c),
            Down = moe is not null ? weights.Experts(prefix + "ffn_down_exps", moe.ExpertCount, c, f)
                : weights.Linear(prefix + "ffn_down", Biases.FeedForward, c, f),
            FeedForwardPostNorm = config.PostNorm ? weights.Norm(prefix + "post_ffw_norm", c) : null,
        };
    }

    // Divisors are those of Llama 3, one for all contexts, or those of LongRoPE: one for long contexts, one for short ones.
    private static RopeWeights Rope(WeightFinder weights, ModelConfig config, RopeConfig rope)
    {
        bool isLong = rope.Scaling.Kind == RopeScalingKind.LongRope;
        return new RopeWeights
        {
            Frequencies = Scaled(isLong ? "rope_factors_long.weight" : "rope_freqs.weight"),
            ShortFrequencies = isLong ? Scaled("rope_factors_short.weight") : null,
            LocalFrequencies = rope.LocalBase is { } localBase ? weights.Load(RopeFrequencies.Unscaled(localBase, config.RotatedSize)) : null,
        };

        Tensor Scaled(string divisors) => weights.Load(RopeFrequencies.Scaled(rope, config.RotatedSize, weights.Divisors(divisors, isRequired: isLong)));
    }
}
