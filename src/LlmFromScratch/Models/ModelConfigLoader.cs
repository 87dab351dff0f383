using LlmFromScratch.Formats.Gguf;

namespace LlmFromScratch.Models;

/// <summary>Reads a model's sizes from the metadata of a GGUF file.</summary>
public static class ModelConfigLoader
{
    /// <summary>The values of general.architecture that the engine runs.</summary>
    public static IReadOnlyList<string> SupportedArchitectures { get; } = ["llama"];

    /// <summary>Reads and validates the config.</summary>
    /// <exception cref="NotSupportedException">Another architecture; the message lists those that are supported.</exception>
    /// <exception cref="InvalidDataException">A key is missing or its value cannot be.</exception>
    public static ModelConfig Load(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        GgufMetadata metadata = file.Metadata;
        string architecture = metadata.GetString("general.architecture");
        if (!SupportedArchitectures.Contains(architecture)) throw new NotSupportedException(
            $"{file.Path}: architecture '{architecture}' is not supported; supported: {string.Join(", ", SupportedArchitectures)}.");
        RefuseRopeScaling(file, architecture);
        int embedding = Get("embedding_length"), heads = Get("attention.head_count");
        if (heads < 1) throw new InvalidDataException($"{file.Path}: {architecture}.attention.head_count is {heads}; expected at least 1.");
        int layers = Get("block_count");
        if (layers > file.Tensors.Count) throw new InvalidDataException( // checked before anything is made once a layer
            $"{file.Path}: {architecture}.block_count is {layers}; expected at most the number of tensors, {file.Tensors.Count}.");
        int headSize = GetOr("attention.key_length", GetOr("rope.dimension_count", embedding / heads));
        ModelConfig config = new()
        {
            Architecture = architecture,
            VocabSize = VocabSize(file, architecture),
            ContextLength = Get("context_length"),
            EmbeddingSize = embedding,
            LayerCount = layers,
            HeadCount = heads,
            KvHeadCount = GetOr("attention.head_count_kv", heads),
            HeadSize = headSize,
            FeedForwardSize = Get("feed_forward_length"),
            NormEpsilon = metadata.GetSingle($"{architecture}.attention.layer_norm_rms_epsilon"),
            RopeBase = metadata.TryGetSingle($"{architecture}.rope.freq_base", out float ropeBase) ? ropeBase : 10_000,
            TiedHead = !file.Contains("output.weight"),
        };
        try
        {
            return config.Validate();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file.Path}: {e.Message}", e);
        }

        int Get(string key) => metadata.GetInt32($"{architecture}.{key}");
        int GetOr(string key, int otherwise) => metadata.TryGetInt32($"{architecture}.{key}", out int value) ? value : otherwise;
    }

    // The size of the vocabulary is the number of embedding rows: files may leave the key out.
    private static int VocabSize(GgufFile file, string architecture)
    {
        foreach (GgufTensorInfo tensor in file.Tensors)
            if (tensor.Name == "token_embd.weight") return tensor.Shape[0];
        throw new InvalidDataException($"{file.Path}: tensor 'token_embd.weight' is missing; this {architecture} file holds no weights.");
    }

    // Running such a file without its scaling would give fluent nonsense at long positions, so it is refused.
    private static void RefuseRopeScaling(GgufFile file, string architecture)
    {
        if (file.Metadata.TryGetString($"{architecture}.rope.scaling.type", out string? scaling) && scaling != "none") throw new NotSupportedException(
            $"{file.Path}: rope scaling '{scaling}' is not supported yet; supported: none.");
        if (file.Contains("rope_freqs.weight")) throw new NotSupportedException(
            $"{file.Path}: tensor 'rope_freqs.weight' (scaled RoPE frequencies) is not supported yet.");
    }
}
