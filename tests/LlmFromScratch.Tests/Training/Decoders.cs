using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training;

/// <summary>Small decoders of every kind with weights so large that attention, gates and routers do something.</summary>
internal static class Decoders
{
    public static ModelConfig Config(string kind, int vocabSize = 12)
    {
        ModelConfig llama = new()
        {
            Architecture = "llama", VocabSize = vocabSize, ContextLength = 32, EmbeddingSize = 16, LayerCount = 2, HeadCount = 4, KvHeadCount = 2,
            HeadSize = 4, FeedForwardSize = 12,
        };
        return kind switch
        {
            "llama" => llama,
            "moe" => llama with { Moe = new MoeConfig { ExpertCount = 4, UsedCount = 2, FeedForwardSize = 12 }, TiedHead = true },
            "gpt2" => llama with
            {
                Architecture = "gpt2", KvHeadCount = 4, NormKind = NormKind.Layer, Rope = null, FeedForwardKind = FeedForwardKind.Gelu, TiedHead = true,
                Biases = Biases.QueryKeyValue | Biases.AttentionOutput | Biases.FeedForward,
            },
            "gemma" => llama with
            {
                Architecture = "gemma2", Rope = new RopeConfig { Pairing = RopePairing.Half }, PostNorm = true, FeedForwardKind = FeedForwardKind.GeGlu,
                EmbeddingScale = 4, LogitSoftCap = 8, TiedHead = true,
                Attention = new AttentionConfig { Scale = 0.4f, SoftCap = 5, Window = new SlidingWindow { Size = 3, Period = 2 } },
            },
            "qwen" => llama with
            {
                Architecture = "qwen3", Rope = new RopeConfig { Pairing = RopePairing.Half }, Attention = new AttentionConfig { QueryKeyNorm = true },
                Biases = Biases.QueryKeyValue,
            },
            "qwen2" => llama with { Architecture = "qwen2", Rope = new RopeConfig { Pairing = RopePairing.Half }, Biases = Biases.QueryKeyValue, TiedHead = true },
            _ => throw new ArgumentException(kind),
        };
    }

    public static DecoderModel Random(string kind, int vocabSize = 12, LearningSettings? learning = null) => Random(Config(kind, vocabSize), learning);

    public static DecoderModel Random(ModelConfig config, LearningSettings? learning = null)
    {
        DecoderModel model = new(config, seed: 5, learning);
        SeededRandom random = new(6);
        foreach (Variable parameter in model.Parameters)
            foreach (ref float value in parameter.Data)
                value = parameter.Shape.Rank == 1 ? value + (float)(0.2 * random.NextGaussian()) : value * 15;
        return model;
    }
}
