namespace LlmFromScratch.Models;

/// <summary>How many weights each part of a model has.</summary>
internal static class ParameterCounting
{
    public static IReadOnlyList<(string Part, long Count)> Count(ModelConfig config)
    {
        long embedding = (long)config.VocabSize * config.EmbeddingSize; // V·C
        return
        [
            ("embedding", embedding),
            ("positions", config.Rope is null ? (long)config.ContextLength * config.EmbeddingSize : 0),
            ("attention", config.LayerCount * Attention(config)),
            ("feed-forward", config.LayerCount * FeedForward(config)),
            ("norms", config.LayerCount * Norms(config) + Norm(config, config.EmbeddingSize)),
            ("head", (config.TiedHead ? 0 : embedding) + (config.HasBias(Biases.Head) ? config.VocabSize : 0)),
        ];
    }

    private static long Norms(ModelConfig config) =>
        (config.PostNorm ? 4 : 2) * Norm(config, config.EmbeddingSize) + (config.Attention.QueryKeyNorm ? 2L * config.HeadSize : 0);

    private static long Norm(ModelConfig config, int size) => config.NormKind == NormKind.Layer ? 2L * size : size;

    private static long Attention(ModelConfig config)
    {
        long queries = (long)config.HeadCount * config.HeadSize, keys = (long)config.KvHeadCount * config.HeadSize; // H·D, K·D
        return config.EmbeddingSize * (2 * queries + 2 * keys) + (config.HasBias(Biases.QueryKeyValue) ? queries + 2 * keys : 0)
            + (config.HasBias(Biases.AttentionOutput) ? config.EmbeddingSize : 0);
    }

    private static long FeedForward(ModelConfig config)
    {
        int matrices = config.FeedForwardKind == FeedForwardKind.Gelu ? 2 : 3;
        if (config.Moe is { } moe) return (long)moe.ExpertCount * config.EmbeddingSize * (1 + (long)matrices * moe.FeedForwardSize); // 1: the router
        long biases = config.HasBias(Biases.FeedForward) ? (matrices - 1L) * config.FeedForwardSize + config.EmbeddingSize : 0;
        return (long)matrices * config.EmbeddingSize * config.FeedForwardSize + biases;
    }
}
