using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>Sound GGUF files for <see cref="MutationRun"/>: written here with every type, and real ones with their vocabularies cut short.</summary>
internal static class GgufSamples
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>A cut vocabulary: the 256 bytes and a few merges, so that thousands of mutants take seconds.</summary>
    private const int TokenCount = 320;

    /// <summary>Every metadata type and every tensor type; no model.</summary>
    public static MutationRun.Sample EveryType()
    {
        GgufWriter writer = GgufWriterTests.EveryType();
        foreach (GgufTensorType type in GgufTensorType.All) writer.Add(type.Name, new Shape(1, type.BlockSize), type, [new byte[type.BlockBytes]]);
        return Take("every type", writer);
    }

    /// <summary>A llama of a few thousand weights with a SentencePiece vocabulary.</summary>
    public static MutationRun.Sample SentencePiece()
    {
        string[] tokens = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), "\u2581", "a", "\u2581a", "b", "ab"];
        int[] kinds = [.. tokens.Select((_, id) => id switch { 0 => 2, < 3 => 3, < 259 => 6, _ => 1 })]; // unknown, control, byte, normal
        ModelConfig config = TinyModel.Config with { VocabSize = tokens.Length };
        GgufWriter writer = new GgufWriter()
            .Add("general.architecture", "llama").Add("general.name", "small")
            .Add("llama.context_length", (uint)config.ContextLength).Add("llama.embedding_length", (uint)config.EmbeddingSize)
            .Add("llama.block_count", (uint)config.LayerCount).Add("llama.feed_forward_length", (uint)config.FeedForwardSize)
            .Add("llama.attention.head_count", (uint)config.HeadCount).Add("llama.attention.head_count_kv", (uint)config.KvHeadCount)
            .Add("llama.attention.layer_norm_rms_epsilon", config.NormEpsilon).Add("llama.rope.freq_base", 10_000f)
            .Add("llama.rope.dimension_count", (uint)config.HeadSize)
            .Add(Prefix + "model", "llama").Add(Prefix + "tokens", tokens).Add(Prefix + "token_type", kinds)
            .Add(Prefix + "scores", tokens.Select((_, id) => -(float)id).ToArray())
            .Add(Prefix + "bos_token_id", 1u).Add(Prefix + "eos_token_id", 2u).Add(Prefix + "unknown_token_id", 0u)
            .Add(Prefix + "add_bos_token", true).Add(Prefix + "add_space_prefix", true);
        foreach ((string name, Tensor tensor) in TinyModel.HostTensors(config, seed: 1)) writer.Add(name, tensor);
        return Take("SentencePiece model", writer);
    }

    /// <summary>A real file's keys and tensors, its vocabulary cut to <see cref="TokenCount"/> tokens.</summary>
    public static MutationRun.Sample Cut(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        string[] all = file.Metadata.GetArray<string>(Prefix + "tokens");
        int count = Math.Min(TokenCount, all.Length);
        HashSet<string> kept = [.. all.AsSpan(0, count)];
        GgufWriter writer = new();
        foreach ((string key, object value) in file.Metadata) writer.Add(key, Cut(key, value));
        foreach (GgufTensorInfo info in file.Tensors)
        {
            Shape shape = info.Name is "token_embd.weight" or "output.weight" ? info.Shape.WithFirst(count) : info.Shape;
            writer.Add(info.Name, shape, info.Type, [file.GetBytes(info.Name)[..(int)info.Type.ByteCount(shape)]]);
        }
        return Take(Path.GetFileName(path), writer);

        object Cut(string key, object value) => value switch
        {
            string[] merges when key == Prefix + "merges" => merges.Where(IsKept).ToArray(),
            Array array when key.StartsWith(Prefix, StringComparison.Ordinal) && array.Length == all.Length => Shortened(array),
            uint id when key.EndsWith("_token_id", StringComparison.Ordinal) => Math.Min(id, (uint)count - 1),
            _ => value,
        };

        bool IsKept(string merge)
        {
            int space = merge.IndexOf(' ', 1);
            return kept.Contains(merge[..space]) && kept.Contains(merge[(space + 1)..]) && kept.Contains(merge.Remove(space, 1));
        }

        Array Shortened(Array array)
        {
            Array result = Array.CreateInstance(array.GetType().GetElementType()!, count); // not null: the type is an array's
            Array.Copy(array, result, count);
            return result;
        }
    }

    // Weights stay behind: what a mutant's file has there are zeros that nobody reads, so that a mutant is a few kilobytes to write.
    private static MutationRun.Sample Take(string name, GgufWriter writer)
    {
        byte[] bytes = GgufFileTests.Bytes(writer);
        GgufHeader header = GgufHeader.Parse(name, bytes, bytes.Length);
        int start = header.Tensors.Count == 0 ? bytes.Length : (int)header.Tensors.Min(tensor => tensor.Offset);
        return new MutationRun.Sample(name, bytes[..start], bytes.Length);
    }
}
