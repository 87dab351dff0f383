using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>Writes a trained model as a GGUF file with the keys and tensor names of its architecture, which the engine and llama.cpp read.</summary>
public static class GgufExport
{
    /// <summary>Writes the file beside its place and renames it.</summary>
    /// <param name="model">A llama, with or without experts, a qwen2, a qwen3 or a GPT-2, see <see cref="Require"/>.</param>
    /// <param name="name">general.name.</param>
    /// <param name="matrixType">How matrices are stored: any type that RowCodec encodes; vectors and the experts' routers are F32.</param>
    /// <param name="addTokenizer">Adds the tokenizer.ggml.* keys; must give as many tokens as the model has.</param>
    /// <param name="path">The file to make; its folder exists.</param>
    /// <exception cref="NotSupportedException">Another architecture.</exception>
    public static void Save(DecoderModel model, string name, DType matrixType, Action<GgufWriter> addTokenizer, string path) =>
        Save(model, name, parameter => ToTensor(parameter, matrixType), addTokenizer, path);

    /// <summary>Writes a file whose tensors were made elsewhere, for example by <see cref="Quantization.PostTrainingQuantization"/>.</summary>
    /// <param name="model">Says which weights there are.</param>
    /// <param name="name">general.name.</param>
    /// <param name="encode">The tensor of a weight.</param>
    /// <param name="addTokenizer">Adds the tokenizer.ggml.* keys.</param>
    /// <param name="path">The file to make; its folder exists.</param>
    public static void Save(DecoderModel model, string name, Func<Variable, Tensor> encode, Action<GgufWriter> addTokenizer, string path)
    {
        Require(model.Config, path);
        GgufWriter writer = new();
        AddConfig(writer, model.Config, name);
        addTokenizer(writer);
        foreach ((string tensorName, Tensor tensor) in Tensors(model, encode)) writer.Add(tensorName, tensor);
        writer.Save(path);
    }

    /// <summary>Fails if <see cref="Save(DecoderModel, string, DType, Action{GgufWriter}, string)"/> would: asked before the work whose result is to be written.</summary>
    /// <param name="config">Of the model. Files do not say how RoPE pairs values, their architecture does.</param>
    /// <param name="source">What the message begins with: a file.</param>
    /// <exception cref="NotSupportedException">An architecture whose keys are not written, or the other pairing.</exception>
    public static void Require(ModelConfig config, string source)
    {
        if ((config.Architecture, config.Rope?.Pairing, config.Moe) is ("llama", RopePairing.Interleaved, _) or ("qwen2" or "qwen3", RopePairing.Half, null)
            or ("gpt2", null, null)) return;
        throw new NotSupportedException($"{source}: general.architecture: expected one that is written as well as read: "
            + $"llama (RoPE pairs {RopePairing.Interleaved}), qwen2 or qwen3 (pairs {RopePairing.Half}, no experts), gpt2 (no RoPE); "
            + $"got {config.Architecture} (pairs {config.Rope?.Pairing.ToString() ?? "none"}, {config.Moe?.ExpertCount ?? 0} experts).");
    }

    /// <summary>
    /// The tensors of the file: experts in one [E, out, in], GPT-2's query, key and value one below the other; everything else as it is.
    /// </summary>
    /// <param name="model">The weights.</param>
    /// <param name="encode">The tensor of a weight; the parts of one tensor must get one type.</param>
    public static IEnumerable<(string Name, Tensor Tensor)> Tensors(DecoderModel model, Func<Variable, Tensor> encode)
    {
        bool isFused = model.Config.Architecture == "gpt2";
        foreach (IGrouping<string, Variable> group in model.Parameters.GroupBy(parameter => FileName(parameter.Name, isFused)))
            yield return (group.Key, group.Key == group.First().Name ? encode(group.First()) : Join([.. group.Select(encode)], FileShape(group.Key, [.. group])));
    }

    /// <summary>The name of the tensor in which a weight lies: blk.0.ffn_up_exps.weight for blk.0.ffn_up.3.weight.</summary>
    /// <param name="name">Of the weight.</param>
    /// <param name="isFused">Whether blk.0.attn_k.bias lies in blk.0.attn_qkv.bias, as GPT-2's does.</param>
    internal static string FileName(string name, bool isFused)
    {
        string[] parts = name.Split('.');
        if (parts.Length == 5) return $"{parts[0]}.{parts[1]}.{parts[2]}_exps.{parts[4]}";
        return isFused && parts.Length == 4 && parts[2] is "attn_q" or "attn_k" or "attn_v" ? $"{parts[0]}.{parts[1]}.attn_qkv.{parts[3]}" : name;
    }

    /// <summary>The shape of the tensor of a name in which these weights lie: [E, out, in] of experts, [out + out + ..., in] of others.</summary>
    internal static Shape FileShape(string fileName, IReadOnlyList<Variable> parts)
    {
        Shape part = parts[0].Shape;
        return fileName.Contains("_exps.", StringComparison.Ordinal) ? new Shape(parts.Count, part[0], part.RowLength) : part.WithFirst(parts.Sum(weight => weight.Shape[0]));
    }

    /// <summary>How a weight is stored in a file whose matrices have that type: vectors and routers as F32.</summary>
    public static DType StoredType(Variable parameter, DType matrixType) =>
        parameter.Shape.Rank == 1 || parameter.Name.EndsWith("ffn_gate_inp.weight", StringComparison.Ordinal) ? DType.F32 : matrixType;

    /// <summary>A host tensor with the values of a weight, encoded row by row.</summary>
    public static Tensor ToTensor(Variable parameter, DType matrixType)
    {
        DType dtype = StoredType(parameter, matrixType);
        Tensor tensor = Tensor.Zeros(parameter.Shape, dtype);
        int size = parameter.Shape.RowLength;
        for (int row = 0; row < parameter.Shape.RowCount; row++)
            RowCodec.Encode(dtype, parameter.Data.Slice(row * size, size), tensor.Bytes.Slice((int)(row * tensor.RowBytes), (int)tensor.RowBytes));
        return tensor;
    }

    // Rows are encoded one by one, so the bytes of several matrices stand one after the other.
    private static Tensor Join(Tensor[] parts, Shape shape)
    {
        Tensor joined = Tensor.Zeros(shape, parts[0].DType);
        int start = 0;
        foreach (Tensor tensor in parts)
        {
            tensor.Bytes.CopyTo(joined.Bytes[start..]);
            start += tensor.Bytes.Length;
        }
        return joined;
    }

    private static void AddConfig(GgufWriter writer, ModelConfig config, string name)
    {
        string architecture = config.Architecture;
        writer
            .Add("general.architecture", architecture)
            .Add("general.name", name)
            .Add($"{architecture}.vocab_size", (uint)config.VocabSize)
            .Add($"{architecture}.context_length", (uint)config.ContextLength)
            .Add($"{architecture}.embedding_length", (uint)config.EmbeddingSize)
            .Add($"{architecture}.block_count", (uint)config.LayerCount)
            .Add($"{architecture}.feed_forward_length", (uint)(config.Moe?.FeedForwardSize ?? config.FeedForwardSize))
            .Add($"{architecture}.attention.head_count", (uint)config.HeadCount)
            .Add($"{architecture}.attention.head_count_kv", (uint)config.KvHeadCount)
            .Add($"{architecture}.attention.key_length", (uint)config.HeadSize)
            .Add($"{architecture}.attention.value_length", (uint)config.HeadSize);
        if (config.Rope is { } rope) writer.Add($"{architecture}.rope.dimension_count", (uint)config.HeadSize).Add($"{architecture}.rope.freq_base", rope.Base);
        writer.Add($"{architecture}.attention.{(architecture == "gpt2" ? "layer_norm_epsilon" : "layer_norm_rms_epsilon")}", config.NormEpsilon);
        if (config.Moe is not { } moe) return;
        writer.Add($"{architecture}.expert_count", (uint)moe.ExpertCount).Add($"{architecture}.expert_used_count", (uint)moe.UsedCount);
    }
}
