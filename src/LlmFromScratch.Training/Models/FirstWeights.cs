using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// First weights for a small model that learns in minutes, louder than GPT-2's: an embedding's values have a root mean square of 0.1, so that steps of a usual learning
/// rate change it little by little; matrices have <c>1/√C</c>, so that what is read keeps its size; keys begin as queries, so that what is alike or near attracts
/// (Trockman and Kolter 2023, "Mimetic initialization of self-attention layers").
/// </summary>
internal static class FirstWeights
{
    /// <summary>The root mean square of an embedding's values.</summary>
    public const float Loudness = 0.1f;

    private const float Drawn = 0.02f; // what the model draws its weights with

    /// <summary>Scales fresh weights, and makes each key head the sum of its query heads.</summary>
    /// <param name="model">Fresh.</param>
    public static void Amplify(DecoderModel model)
    {
        ModelConfig config = model.Config;
        float scale = 1 / (Drawn * MathF.Sqrt(config.EmbeddingSize));
        foreach (Variable weight in model.Parameters.Where(weight => weight.Shape.Rank == 2))
        {
            float factor = weight.Name == "token_embd.weight" ? Loudness / Drawn : scale;
            foreach (ref float value in weight.Data) value *= factor;
        }
        int group = config.HeadCount / config.KvHeadCount, size = config.HeadSize * config.EmbeddingSize;
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            ReadOnlySpan<float> queries = model[$"blk.{layer}.attn_q.weight"].Data;
            Span<float> keys = model[$"blk.{layer}.attn_k.weight"].Data;
            for (int i = 0; i < keys.Length; i++)
            {
                float sum = 0;
                for (int head = 0; head < group; head++) sum += queries[(i / size * group + head) * size + i % size];
                keys[i] = sum / MathF.Sqrt(group);
            }
        }
    }
}
