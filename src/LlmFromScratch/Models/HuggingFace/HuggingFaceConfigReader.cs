using LlmFromScratch.Kernels;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>
/// Makes a model's config from a config.json of transformers. Each arm says what makes a model_type itself; the config equals the one that the
/// GGUF file of the same checkpoint gives. Source: the configuration classes of transformers, with their defaults where files leave keys out.
/// </summary>
internal static class HuggingFaceConfigReader
{
    public static readonly string[] Supported = ["llama", "mistral", "mixtral", "qwen2", "qwen3", "qwen3_moe", "gemma2", "gemma3", "gemma3_text", "phi3", "gpt2"];

    private const int MostHeadSize = 65_536;

    /// <param name="keys">The entries of config.json.</param>
    /// <param name="modelType">model_type, one of <see cref="Supported"/>.</param>
    /// <param name="weights">Shows the size of the vocabulary, biases, and whether there is a head of its own.</param>
    /// <returns>The config, and divisors of RoPE's frequencies.</returns>
    public static (ModelConfig Config, Dictionary<string, float[]> RopeDivisors) Read(HuggingFaceKeys keys, string modelType, HuggingFaceWeights weights)
    {
        if (modelType == "gpt2") return (Gpt2(keys, weights), []);
        bool isGemma = modelType.StartsWith("gemma", StringComparison.Ordinal);
        ModelConfig sizes = Sizes(keys, modelType, weights);
        keys.Require(isGemma ? "hidden_activation" : "hidden_act", isGemma ? "gelu_pytorch_tanh" : "silu");
        RopePairing pairing = modelType is "llama" or "mistral" or "mixtral" ? RopePairing.Interleaved : RopePairing.Half; // as the GGUF file of the architecture
        (RopeConfig rope, Dictionary<string, float[]> divisors) = HuggingFaceRope.Read(keys, sizes.HeadSize, pairing);
        sizes = sizes with { Rope = rope };
        return (modelType switch
        {
            "llama" => sizes with { Architecture = "llama" },
            "mistral" => sizes with { Architecture = "llama", Attention = Local(keys, sizes) },
            "mixtral" => sizes with { Architecture = "llama", Attention = Local(keys, sizes), Moe = Moe(keys, "num_local_experts", sizes.FeedForwardSize) },
            "qwen2" => Everywhere(keys, sizes) with { Architecture = "qwen2" },
            "qwen3" => Everywhere(keys, sizes) with { Architecture = "qwen3", Attention = new AttentionConfig { QueryKeyNorm = true } },
            "qwen3_moe" => Everywhere(keys, sizes) with
            {
                Architecture = "qwen3moe", Attention = new AttentionConfig { QueryKeyNorm = true }, Moe = QwenMoe(keys),
            },
            "phi3" => sizes with { Architecture = "phi3", Attention = Local(keys, sizes) },
            "gemma2" => Gemma(keys, sizes) with { Architecture = "gemma2" },
            _ => Gemma(keys, sizes) with { Architecture = "gemma3", Rope = rope with { LocalBase = keys.Single("rope_local_base_freq", 10_000) } }, // gemma3, gemma3_text
        }, divisors);
    }

    private static ModelConfig Sizes(HuggingFaceKeys keys, string modelType, HuggingFaceWeights weights)
    {
        bool isGemma3 = modelType.StartsWith("gemma3", StringComparison.Ordinal); // whose files leave out what is as in the configuration class
        int embedding = keys.Int("hidden_size"), heads = keys.Int("num_attention_heads", isGemma3 ? 8 : null);
        if (heads < 1) throw keys.Invalid("num_attention_heads", "at least 1");
        int headSize = keys.Int("head_dim", isGemma3 || modelType == "gemma2" ? 256 : embedding / heads);
        if (headSize is < 1 or > MostHeadSize) throw keys.Invalid("head_dim", $"1 to {MostHeadSize}"); // RoPE's frequencies are made from it
        return new ModelConfig
        {
            Architecture = modelType,
            VocabSize = weights.VocabSize,
            ContextLength = keys.Int("max_position_embeddings", isGemma3 ? 131_072 : null),
            EmbeddingSize = embedding,
            LayerCount = Layers(keys, "num_hidden_layers", weights),
            HeadCount = heads,
            KvHeadCount = keys.Int("num_key_value_heads", isGemma3 ? 4 : heads),
            HeadSize = headSize,
            FeedForwardSize = keys.Int("intermediate_size"),
            NormEpsilon = keys.Single("rms_norm_eps", 1e-6f),
            Biases = weights.Biases,
            TiedHead = IsTied(keys, weights, otherwise: modelType.StartsWith("gemma", StringComparison.Ordinal)),
        };
    }

    private static ModelConfig Gpt2(HuggingFaceKeys keys, HuggingFaceWeights weights)
    {
        keys.Require("activation_function", "gelu_new", "gelu_pytorch_tanh");
        foreach (string key in (ReadOnlySpan<string>)["scale_attn_by_inverse_layer_idx", "reorder_and_upcast_attn"])
            if (keys.Flag(key, false)) throw new NotSupportedException($"{keys.File}: {key} is true; supported: false.");
        int embedding = keys.Int("n_embd"), heads = keys.Int("n_head");
        if (heads < 1) throw keys.Invalid("n_head", "at least 1");
        return new ModelConfig
        {
            Architecture = "gpt2",
            VocabSize = weights.VocabSize,
            ContextLength = keys.Int("n_positions", keys.Int("n_ctx", 1024)),
            EmbeddingSize = embedding,
            LayerCount = Layers(keys, "n_layer", weights),
            HeadCount = heads,
            KvHeadCount = heads,
            HeadSize = embedding / heads,
            FeedForwardSize = keys.Int("n_inner", (int)Math.Min(4L * embedding, int.MaxValue)),
            NormEpsilon = keys.Single("layer_norm_epsilon", 1e-5f),
            Biases = weights.Biases,
            TiedHead = IsTied(keys, weights, otherwise: true),
            Rope = null,
            NormKind = NormKind.Layer,
            FeedForwardKind = FeedForwardKind.Gelu,
        };
    }

    private static ModelConfig Gemma(HuggingFaceKeys keys, ModelConfig sizes)
    {
        bool isGemma2 = sizes.Architecture == "gemma2";
        float scaleOf = keys.Single("query_pre_attn_scalar", 256);
        return sizes with
        {
            PostNorm = true,
            FeedForwardKind = FeedForwardKind.GeGlu,
            EmbeddingScale = MathF.Sqrt(sizes.EmbeddingSize),
            LogitSoftCap = keys.Has("final_logit_softcapping") ? keys.Single("final_logit_softcapping") : isGemma2 ? 30 : null,
            Attention = new AttentionConfig
            {
                Scale = scaleOf == sizes.HeadSize ? null : 1 / MathF.Sqrt(scaleOf),
                SoftCap = keys.Has("attn_logit_softcapping") ? keys.Single("attn_logit_softcapping") : isGemma2 ? 50 : null,
                QueryKeyNorm = !isGemma2,
                Window = new SlidingWindow { Size = keys.Int("sliding_window", 4096), Period = Period(keys, sizes, isGemma2 ? 2 : 6) },
            },
        };
    }

    // layer_types lists every layer; older files state the period, or nothing.
    private static int Period(HuggingFaceKeys keys, ModelConfig sizes, int otherwise)
    {
        int period = keys.Int("sliding_window_pattern", otherwise);
        if (keys.Texts("layer_types") is not { } types) return period;
        period = Array.IndexOf(types, "full_attention") is >= 0 and int first ? first + 1 : types.Length + 1;
        SlidingWindow window = new() { Size = 1, Period = period };
        for (int layer = 0; layer < types.Length; layer++)
            if (types[layer] != (window.IsLocal(layer) ? "sliding_attention" : "full_attention")) throw new NotSupportedException(
                $"{keys.File}: layer_types is no repetition of its first {period} layers (layer {layer}); supported: a fixed period.");
        return types.Length == sizes.LayerCount ? period : throw keys.Invalid("layer_types", $"{sizes.LayerCount} layers");
    }

    // A window without a period is on every layer: Mistral 7B v0.1, Phi-3 mini.
    private static AttentionConfig Local(HuggingFaceKeys keys, ModelConfig sizes) => keys.Has("sliding_window")
        ? new AttentionConfig { Window = new SlidingWindow { Size = keys.Int("sliding_window"), Period = sizes.LayerCount + 1 } } : new AttentionConfig();

    // Qwen states a window and mostly does not use it.
    private static ModelConfig Everywhere(HuggingFaceKeys keys, ModelConfig sizes) => !keys.Flag("use_sliding_window", false) ? sizes
        : throw new NotSupportedException($"{keys.File}: use_sliding_window is true; supported: false.");

    private static MoeConfig Moe(HuggingFaceKeys keys, string countKey, int feedForwardSize) => new()
    {
        ExpertCount = keys.Int(countKey), UsedCount = keys.Int("num_experts_per_tok"), FeedForwardSize = feedForwardSize,
    };

    private static MoeConfig QwenMoe(HuggingFaceKeys keys)
    {
        if (!keys.Flag("norm_topk_prob", false)) throw new NotSupportedException($"{keys.File}: norm_topk_prob is false; supported: true (the weights of chosen experts add up to 1).");
        if (keys.Int("decoder_sparse_step", 1) != 1) throw new NotSupportedException($"{keys.File}: decoder_sparse_step is {keys.Int("decoder_sparse_step")}; supported: 1 (experts in every layer).");
        if (keys.Has("mlp_only_layers") && keys.Singles("mlp_only_layers").Length > 0) throw new NotSupportedException($"{keys.File}: mlp_only_layers names layers; supported: none.");
        return Moe(keys, "num_experts", keys.Int("moe_intermediate_size"));
    }

    private static int Layers(HuggingFaceKeys keys, string key, HuggingFaceWeights weights)
    {
        int layers = keys.Int(key); // checked before anything is made once a layer
        return layers <= weights.TensorCount ? layers : throw keys.Invalid(key, $"at most the number of tensors, {weights.TensorCount}");
    }

    private static bool IsTied(HuggingFaceKeys keys, HuggingFaceWeights weights, bool otherwise) =>
        keys.Has("tie_word_embeddings") || !otherwise ? keys.Flag("tie_word_embeddings", false) : !weights.HasHead;
}
