using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A transformer of attention alone, the smallest in which induction heads grow: one layer's heads say what the token before was, the next layer's look for it
/// (Elhage et al. 2021, "A mathematical framework for transformer circuits"; Olsson et al. 2022). It is a llama whose feed-forward networks are zeros that never
/// learn: <c>x + 0 = x</c> exactly, so the engine, its observers and every other reader of llama files run it as it is.
/// </summary>
public static class AttentionOnly
{
    /// <summary>F of the networks of zeros: the fewest values that a row of every block format holds.</summary>
    internal const int FeedForwardSize = 32;

    /// <summary>
    /// Makes a model with random weights, and zeros where feed-forward networks would be. The weights are made for a small model that learns in minutes: an
    /// embedding's values have a root mean square of 0.1, so that steps of a usual learning rate change it little by little; matrices have <c>1/√C</c>, so that what
    /// is read keeps its size; keys begin as queries, so that what is alike or near attracts (Trockman and Kolter 2023, "Mimetic initialization of self-attention layers").
    /// </summary>
    /// <param name="config">The sizes; those of feed-forward networks do not matter.</param>
    /// <param name="seed">Of the weights.</param>
    public static LlamaTrainingModel Create(ModelConfig config, ulong seed)
    {
        const float Drawn = 0.02f, Loudness = 0.1f; // what the model draws its weights with, and what an embedding gets
        LlamaTrainingModel model = new(config with { FeedForwardSize = FeedForwardSize }, seed);
        float scale = 1 / (Drawn * MathF.Sqrt(config.EmbeddingSize));
        foreach (Variable weight in model.Parameters.Where(weight => weight.Shape.Rank == 2))
        {
            float factor = weight.Name == "token_embd.weight" ? Loudness / Drawn : scale;
            foreach (ref float value in weight.Data) value *= factor;
        }
        for (int layer = 0; layer < config.LayerCount && config.KvHeadCount == config.HeadCount; layer++)
            model[$"blk.{layer}.attn_q.weight"].Data.CopyTo(model[$"blk.{layer}.attn_k.weight"].Data);
        foreach (Variable weight in model.Parameters.Where(IsFeedForward))
        {
            if (weight.Shape.Rank == 2) weight.Data.Clear(); // the norms before the networks stay ones
            weight.Freeze();
        }
        return model;
    }

    /// <summary>The weights that learn: all but the feed-forward networks and their norms.</summary>
    public static IReadOnlyList<Variable> Learning(LlamaTrainingModel model) => [.. model.Parameters.Where(weight => !IsFeedForward(weight))];

    private static bool IsFeedForward(Variable weight) => weight.Name.Contains(".ffn_", StringComparison.Ordinal);
}
