using LlmFromScratch.Kernels;

namespace LlmFromScratch.Models;

/// <summary>The sizes and constants of a decoder-only transformer; everything that its weights do not say. Shape letters in the comments.</summary>
public sealed record ModelConfig
{
    /// <summary>The family, as GGUF's general.architecture names it: "llama".</summary>
    public required string Architecture { get; init; }

    /// <summary>V: number of token ids.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Longest sequence the model was trained for, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>C: width of the residual stream.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>L: number of blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>H: query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>K: key/value heads; H is a multiple of K.</summary>
    public required int KvHeadCount { get; init; }

    /// <summary>D: values a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>F: width of the feed-forward network.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>ε of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Base of the rotary frequencies: pair i turns <c>base^(-2i/D)</c> radians a position.</summary>
    public float RopeBase { get; init; } = 10_000;

    /// <summary>Which values of a head RoPE turns together.</summary>
    public RopePairing RopePairing { get; init; } = RopePairing.Interleaved;

    /// <summary>Whether the output head is the embedding table itself (weight tying, Press and Wolf 2017).</summary>
    public bool TiedHead { get; init; }

    /// <summary>
    /// The number of weights: embedding V·C, head V·C unless tied, a block 2·C norms, C·H·D query, 2·C·K·D key and value, H·D·C output,
    /// 3·C·F feed-forward, and the last norm C.
    /// </summary>
    public long ParameterCount
    {
        get
        {
            long embedding = (long)VocabSize * EmbeddingSize;
            long attention = (long)EmbeddingSize * HeadSize * (2 * HeadCount + 2 * KvHeadCount);
            long block = 2L * EmbeddingSize + attention + 3L * EmbeddingSize * FeedForwardSize;
            return embedding * (TiedHead ? 1 : 2) + LayerCount * block + EmbeddingSize;
        }
    }

    /// <summary>Returns this config if its numbers can belong together.</summary>
    /// <exception cref="InvalidDataException">Names the field, what was expected and what it holds.</exception>
    public ModelConfig Validate()
    {
        RequirePositive(nameof(VocabSize), VocabSize);
        RequirePositive(nameof(ContextLength), ContextLength);
        RequirePositive(nameof(EmbeddingSize), EmbeddingSize);
        RequirePositive(nameof(LayerCount), LayerCount);
        RequirePositive(nameof(HeadCount), HeadCount);
        RequirePositive(nameof(KvHeadCount), KvHeadCount);
        RequirePositive(nameof(HeadSize), HeadSize);
        RequirePositive(nameof(FeedForwardSize), FeedForwardSize);
        if ((long)HeadCount * HeadSize > int.MaxValue) throw new InvalidDataException(
            $"ModelConfig: HeadCount {HeadCount} times HeadSize {HeadSize} is {(long)HeadCount * HeadSize}; expected at most {int.MaxValue}.");
        if (HeadCount % KvHeadCount != 0) throw new InvalidDataException(
            $"ModelConfig: HeadCount {HeadCount} is no multiple of KvHeadCount {KvHeadCount}; each key/value head serves a whole group of query heads.");
        if (HeadSize % 2 != 0) throw new InvalidDataException($"ModelConfig: HeadSize {HeadSize} is odd; RoPE turns pairs of values.");
        if (!(NormEpsilon > 0 && float.IsFinite(NormEpsilon))) throw new InvalidDataException($"ModelConfig: NormEpsilon {NormEpsilon}; expected above 0.");
        if (!(RopeBase > 1 && float.IsFinite(RopeBase))) throw new InvalidDataException($"ModelConfig: RopeBase {RopeBase}; expected above 1.");
        return this;
    }

    private static void RequirePositive(string field, int value)
    {
        if (value < 1) throw new InvalidDataException($"ModelConfig: {field} is {value}; expected at least 1.");
    }
}
