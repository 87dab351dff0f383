using LlmFromScratch.Models;

namespace LlmFromScratch.Training.Configuration;

/// <summary>The sizes of the llama-style model that a run trains; the vocabulary's size stands beside them in <see cref="TrainingConfig"/>.</summary>
public sealed record ModelSizes
{
    /// <summary>C: width of the residual stream.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>L: number of blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>H: query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>K: key/value heads; H is a multiple of K.</summary>
    public required int KvHeadCount { get; init; }

    /// <summary>D: values a head, even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>F: width of the feed-forward network.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>Longest sequence that the exported model claims to handle, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Whether the output head is the embedding table itself.</summary>
    public bool TiedHead { get; init; } = true;

    /// <summary>ε of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Base of the rotary frequencies.</summary>
    public float RopeBase { get; init; } = 10_000;

    /// <summary>What a checkpoint's weights depend on. A size that is added later is named here only where it is not its default.</summary>
    internal string Identity => FormattableString.Invariant(
        $"C {EmbeddingSize}, L {LayerCount}, H {HeadCount}, K {KvHeadCount}, D {HeadSize}, F {FeedForwardSize}, context {ContextLength}, ")
        + FormattableString.Invariant($"tied {TiedHead}, epsilon {NormEpsilon}, RoPE base {RopeBase}");

    /// <summary>The model's config.</summary>
    /// <param name="vocabSize">V.</param>
    /// <exception cref="InvalidDataException">The sizes do not belong together.</exception>
    public ModelConfig ToModelConfig(int vocabSize) => new ModelConfig
    {
        Architecture = "llama",
        VocabSize = vocabSize,
        ContextLength = ContextLength,
        EmbeddingSize = EmbeddingSize,
        LayerCount = LayerCount,
        HeadCount = HeadCount,
        KvHeadCount = KvHeadCount,
        HeadSize = HeadSize,
        FeedForwardSize = FeedForwardSize,
        TiedHead = TiedHead,
        NormEpsilon = NormEpsilon,
        Rope = new RopeConfig { Base = RopeBase },
    }.Validate();
}
