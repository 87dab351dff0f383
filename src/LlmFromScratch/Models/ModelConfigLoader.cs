using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels;

namespace LlmFromScratch.Models;

/// <summary>Reads a model's sizes and kinds from the metadata of a GGUF file. What an architecture is stands in one expression.</summary>
public static class ModelConfigLoader
{
    /// <summary>The values of general.architecture that the engine runs. Mistral, TinyLlama, SmolLM and Mixtral are "llama" there.</summary>
    public static IReadOnlyList<string> SupportedArchitectures { get; } = ["llama", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "phi3", "gpt2"];

    /// <summary>Reads and validates the config.</summary>
    /// <exception cref="NotSupportedException">Another architecture, or something that the engine does not do; the message says what is supported.</exception>
    /// <exception cref="InvalidDataException">A key is missing or its value cannot be.</exception>
    public static ModelConfig Load(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string architecture = file.Metadata.GetString("general.architecture");
        if (!SupportedArchitectures.Contains(architecture)) throw new NotSupportedException(
            $"{file.Path}: architecture '{architecture}' is not supported; supported: {string.Join(", ", SupportedArchitectures)}.");
        GgufKeys keys = new(file, architecture);
        try
        {
            ModelConfig sizes = Sizes(keys);
            return WithKinds(sizes, keys).Validate();
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(file.Path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{file.Path}: {e.Message}", e);
        }
    }

    // What all files say in the same way.
    private static ModelConfig Sizes(GgufKeys keys)
    {
        int embedding = keys.Int("embedding_length"), heads = keys.Int("attention.head_count");
        if (heads < 1) throw keys.Invalid("attention.head_count", heads, "at least 1");
        int layers = keys.Int("block_count");
        if (layers > keys.File.Tensors.Count) throw keys.Invalid("block_count", layers, // checked before anything is made once a layer
            $"at most the number of tensors, {keys.File.Tensors.Count}");
        int headSize = keys.Int("attention.key_length", embedding / heads);
        keys.Refuse("attention.value_length", unless: headSize);
        int feedForward = keys.Int("feed_forward_length");
        return new ModelConfig
        {
            Architecture = keys.Architecture,
            VocabSize = VocabSize(keys),
            ContextLength = keys.Int("context_length"),
            EmbeddingSize = embedding,
            LayerCount = layers,
            HeadCount = heads,
            KvHeadCount = keys.Int("attention.head_count_kv", heads),
            HeadSize = headSize,
            FeedForwardSize = feedForward,
            NormEpsilon = keys.Single(keys.Architecture == "gpt2" ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"),
            Moe = Experts(keys, feedForward),
            Biases = BiasesOf(keys.File),
            TiedHead = !keys.File.Contains("output.weight"),
        };
    }

    // What makes an architecture itself.
    private static ModelConfig WithKinds(ModelConfig sizes, GgufKeys keys) => sizes.Architecture switch
    {
        "llama" => sizes with { Rope = RopeConfigReader.Read(keys, sizes.HeadSize, RopePairing.Interleaved) },
        "qwen3" or "qwen3moe" => sizes with
        {
            Rope = RopeConfigReader.Read(keys, sizes.HeadSize, RopePairing.Half),
            Attention = new AttentionConfig { QueryKeyNorm = true },
        },
        "gemma2" => sizes with
        {
            Rope = RopeConfigReader.Read(keys, sizes.HeadSize, RopePairing.Half),
            PostNorm = true,
            FeedForwardKind = FeedForwardKind.GeGlu,
            EmbeddingScale = MathF.Sqrt(sizes.EmbeddingSize),
            LogitSoftCap = SoftCap(keys, "final_logit_softcapping", otherwise: 30),
            Attention = new AttentionConfig
            {
                Scale = GemmaScale(sizes, layersOf27B: 46),
                SoftCap = SoftCap(keys, "attn_logit_softcapping", otherwise: 50),
                Window = Window(keys, keys.Int("attention.sliding_window", 4096), period: 2),
            },
        },
        "gemma3" => sizes with
        {
            Rope = RopeConfigReader.Read(keys, sizes.HeadSize, RopePairing.Half) with { LocalBase = keys.Single("rope.freq_base_swa", 10_000) },
            PostNorm = true,
            FeedForwardKind = FeedForwardKind.GeGlu,
            EmbeddingScale = MathF.Sqrt(sizes.EmbeddingSize),
            LogitSoftCap = SoftCap(keys, "final_logit_softcapping", otherwise: 0),
            Attention = new AttentionConfig
            {
                Scale = GemmaScale(sizes, layersOf27B: 62),
                QueryKeyNorm = true,
                Window = Window(keys, keys.Int("attention.sliding_window", 0), period: 6),
            },
        },
        "gpt2" => sizes with { Rope = null, NormKind = NormKind.Layer, FeedForwardKind = FeedForwardKind.Gelu },
        _ => sizes with { Rope = RopeConfigReader.Read(keys, sizes.HeadSize, RopePairing.Half) }, // qwen2, phi3
    };

    // The size of the vocabulary is the number of embedding rows: files may leave the key out.
    private static int VocabSize(GgufKeys keys)
    {
        foreach (GgufTensorInfo tensor in keys.File.Tensors)
            if (tensor.Name == "token_embd.weight") return tensor.Shape[0];
        throw new InvalidDataException($"{keys.File.Path}: tensor 'token_embd.weight' is missing; this {keys.Architecture} file holds no weights.");
    }

    private static MoeConfig? Experts(GgufKeys keys, int feedForward)
    {
        int count = keys.Int("expert_count", 0);
        if (count == 0) return keys.Architecture == "qwen3moe" ? throw keys.Invalid("expert_count", count, "at least 1") : null;
        keys.Refuse("expert_shared_count", unless: 0);
        keys.Refuse("expert_group_count", unless: 0);
        keys.Refuse("expert_gating_func", unless: 1); // softmax
        return new MoeConfig
        {
            ExpertCount = count,
            UsedCount = keys.Int("expert_used_count"),
            FeedForwardSize = keys.Int("expert_feed_forward_length", feedForward),
        };
    }

    // Biases are told by the tensors of the first block; every block must have them then.
    private static Biases BiasesOf(GgufFile file)
    {
        Biases biases = Biases.None;
        if (file.Contains("blk.0.attn_q.bias") || file.Contains("blk.0.attn_qkv.bias")) biases |= Biases.QueryKeyValue;
        if (file.Contains("blk.0.attn_output.bias")) biases |= Biases.AttentionOutput;
        if (file.Contains("blk.0.ffn_up.bias")) biases |= Biases.FeedForward;
        if (file.Contains("output.bias")) biases |= Biases.Head;
        return biases;
    }

    private static float? SoftCap(GgufKeys keys, string key, float otherwise) => keys.Single(key, otherwise) is not 0 and float cap ? cap : null;

    // The largest gemmas divide scores by the root of C / H, not of the head size (Riviere et al. 2024, table 1); their files do not say so.
    private static float? GemmaScale(ModelConfig sizes, int layersOf27B) =>
        sizes.LayerCount == layersOf27B ? 1 / MathF.Sqrt(sizes.EmbeddingSize / sizes.HeadCount) : null;

    private static SlidingWindow? Window(GgufKeys keys, int size, int period)
    {
        const string key = "attention.sliding_window_pattern";
        if (size == 0) return null;
        if (keys.Flags(key) is not { } isLocal) return new SlidingWindow { Size = size, Period = keys.Int(key, period) };
        SlidingWindow window = new() { Size = size, Period = Array.IndexOf(isLocal, false) is >= 0 and int first ? first + 1 : isLocal.Length + 1 };
        for (int layer = 0; layer < isLocal.Length; layer++)
            if (isLocal[layer] != window.IsLocal(layer)) throw new NotSupportedException(
                $"{keys.File.Path}: {keys.NameOf(key)} is no repetition of its first {window.Period} layers (layer {layer}); supported: a fixed period.");
        return window;
    }
}
