using LlmFromScratch.Kernels;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>Brings named tensors to a backend as the weights of a transformer. The names are those of GGUF files of the llama family.</summary>
public static class WeightLoader
{
    /// <summary>Loads every weight that <paramref name="config"/> asks for and checks its shape.</summary>
    /// <param name="backend">Where the weights go.</param>
    /// <param name="config">Says which weights there are and their shapes.</param>
    /// <param name="find">Gives the host tensor of a name, or null if there is none.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape; the message names it.</exception>
    public static TransformerWeights Load(IBackend backend, ModelConfig config, Func<string, Tensor?> find)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(find);
        config.Validate();
        (int c, int f, int v) = (config.EmbeddingSize, config.FeedForwardSize, config.VocabSize);
        (int query, int keyValue) = (config.HeadCount * config.HeadSize, config.KvHeadCount * config.HeadSize); // H·D, K·D

        Tensor embedding = Require("token_embd.weight", v, c);
        return new TransformerWeights
        {
            TokenEmbedding = backend.Load(embedding),
            Blocks = Enumerable.Range(0, config.LayerCount).Select(Block).ToArray(),
            FinalNorm = backend.Load(Require("output_norm.weight", c)),
            Head = backend.LoadMatMulWeight(config.TiedHead ? embedding : Require("output.weight", v, c)),
            RopeFrequencies = backend.Load(RopeFrequencies(config)),
        };

        BlockWeights Block(int layer) => new()
        {
            AttentionNorm = backend.Load(Require($"blk.{layer}.attn_norm.weight", c)),
            Query = Matrix($"blk.{layer}.attn_q.weight", query, c),
            Key = Matrix($"blk.{layer}.attn_k.weight", keyValue, c),
            Value = Matrix($"blk.{layer}.attn_v.weight", keyValue, c),
            AttentionOutput = Matrix($"blk.{layer}.attn_output.weight", c, query),
            FeedForwardNorm = backend.Load(Require($"blk.{layer}.ffn_norm.weight", c)),
            Gate = Matrix($"blk.{layer}.ffn_gate.weight", f, c),
            Up = Matrix($"blk.{layer}.ffn_up.weight", f, c),
            Down = Matrix($"blk.{layer}.ffn_down.weight", c, f),
        };

        Tensor Matrix(string name, int outSize, int inSize) => backend.LoadMatMulWeight(Require(name, outSize, inSize));

        Tensor Require(string name, params ReadOnlySpan<int> sizes)
        {
            Shape expected = new(sizes);
            Tensor tensor = find(name) ?? throw new InvalidDataException($"Weights: tensor '{name}' {expected} is missing.");
            if (tensor.Shape != expected) throw new InvalidDataException($"Weights: tensor '{name}' is {tensor.Shape}; the model's sizes ask for {expected}.");
            if (expected.Rank == 1 && tensor.DType != DType.F32)
                throw new InvalidDataException($"Weights: norm '{name}' is stored as {tensor.DType}; expected F32.");
            return tensor;
        }
    }

    // Radians a position for each pair: base^(-2i/D) (Su et al. 2021, section 3.2.2).
    private static Tensor RopeFrequencies(ModelConfig config)
    {
        Tensor frequencies = Tensor.Zeros(new Shape(config.HeadSize / 2));
        for (int i = 0; i < frequencies.Floats.Length; i++)
            frequencies.Floats[i] = (float)PortableMath.Pow(config.RopeBase, -2.0 * i / config.HeadSize);
        return frequencies;
    }
}
