using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Quantization;

namespace LlmFromScratch.Training.Models;

/// <summary>Writes a trained model as a GGUF file with llama's keys and tensor names, which the engine and llama.cpp read.</summary>
public static class GgufExport
{
    /// <summary>Writes the file beside its place and renames it.</summary>
    /// <param name="model">The weights. Neighbouring values form RoPE's pairs, as in every llama GGUF.</param>
    /// <param name="name">general.name.</param>
    /// <param name="matrixType">How matrices are stored: F32, F16, BF16, Q8_0, Q4_0 or Q4_1; norms are F32.</param>
    /// <param name="addTokenizer">Adds the tokenizer.ggml.* keys; must give as many tokens as the model has.</param>
    /// <param name="path">The file to make; its folder exists.</param>
    /// <exception cref="NotSupportedException">A model with the other pairing: llama files cannot say so.</exception>
    public static void Save(LlamaTrainingModel model, string name, DType matrixType, Action<GgufWriter> addTokenizer, string path) =>
        Save(model, name, parameter => ToTensor(parameter, matrixType), addTokenizer, path);

    /// <summary>Writes a file whose tensors were made elsewhere, for example by <see cref="Quantization.PostTrainingQuantization"/>.</summary>
    /// <param name="model">Says which weights there are.</param>
    /// <param name="name">general.name.</param>
    /// <param name="encode">The tensor of a weight.</param>
    /// <param name="addTokenizer">Adds the tokenizer.ggml.* keys.</param>
    /// <param name="path">The file to make; its folder exists.</param>
    public static void Save(LlamaTrainingModel model, string name, Func<Variable, Tensor> encode, Action<GgufWriter> addTokenizer, string path)
    {
        if (model.Config.Rope is not { Pairing: RopePairing.Interleaved } rope)
            throw new NotSupportedException($"GgufExport: RoPE pairs are {model.Config.Rope?.Pairing}; a llama file means {RopePairing.Interleaved}.");
        GgufWriter writer = new();
        AddConfig(writer, model.Config, rope.Base, name);
        addTokenizer(writer);
        foreach (Variable parameter in model.Parameters) writer.Add(parameter.Name, encode(parameter));
        writer.Save(path);
    }

    /// <summary>A host tensor with the values of a weight: norms as F32, matrices encoded row by row.</summary>
    public static Tensor ToTensor(Variable parameter, DType matrixType)
    {
        DType dtype = parameter.Shape.Rank == 1 ? DType.F32 : matrixType;
        if (dtype is DType.Q4_0 or DType.Q4_1) return FourBitMatrix.RoundToNearest(dtype, parameter.Shape, parameter.Data).ToTensor();
        Tensor tensor = Tensor.Zeros(parameter.Shape, dtype);
        int size = parameter.Shape.RowLength;
        for (int row = 0; row < parameter.Shape.RowCount; row++)
            RowCodec.Encode(dtype, parameter.Data.Slice(row * size, size), tensor.Bytes.Slice((int)(row * tensor.RowBytes), (int)tensor.RowBytes));
        return tensor;
    }

    private static void AddConfig(GgufWriter writer, ModelConfig config, float ropeBase, string name) => writer
        .Add("general.architecture", "llama")
        .Add("general.name", name)
        .Add("llama.vocab_size", (uint)config.VocabSize)
        .Add("llama.context_length", (uint)config.ContextLength)
        .Add("llama.embedding_length", (uint)config.EmbeddingSize)
        .Add("llama.block_count", (uint)config.LayerCount)
        .Add("llama.feed_forward_length", (uint)config.FeedForwardSize)
        .Add("llama.attention.head_count", (uint)config.HeadCount)
        .Add("llama.attention.head_count_kv", (uint)config.KvHeadCount)
        .Add("llama.attention.key_length", (uint)config.HeadSize)
        .Add("llama.attention.value_length", (uint)config.HeadSize)
        .Add("llama.attention.layer_norm_rms_epsilon", config.NormEpsilon)
        .Add("llama.rope.dimension_count", (uint)config.HeadSize)
        .Add("llama.rope.freq_base", ropeBase);
}
