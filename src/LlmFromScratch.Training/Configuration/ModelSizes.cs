using LlmFromScratch.Models;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Configuration;

/// <summary>
/// The sizes of the model that a run trains; the vocabulary's size and the architecture stand beside them in <see cref="TrainingConfig"/>. Sizes that an
/// architecture does not have are left out: a recurrent model has no heads.
/// </summary>
public sealed record ModelSizes
{
    /// <summary>C: width of the residual stream, or of a recurrent model's states.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>L: number of blocks or layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>H: query heads; none for a recurrent model.</summary>
    public int HeadCount { get; init; }

    /// <summary>K: key/value heads; H is a multiple of K. Decoders only.</summary>
    public int KvHeadCount { get; init; }

    /// <summary>D: values a head, even. Decoders only; an encoder's heads share C.</summary>
    public int HeadSize { get; init; }

    /// <summary>F: width of the feed-forward network, or of each expert; none for an attention-only model and a recurrent one.</summary>
    public int FeedForwardSize { get; init; }

    /// <summary>E: experts in place of each feed-forward network (<see cref="MoeConfig"/>), at least 2; 0 for none. Llamas only.</summary>
    public int ExpertCount { get; init; }

    /// <summary>U: experts that a token uses.</summary>
    public int UsedExpertCount { get; init; }

    /// <summary>The experts' capacity factor while they learn; 0 means no limit.</summary>
    public double ExpertCapacity { get; init; }

    /// <summary>The share of values that is dropped while the model learns (<see cref="LearningSettings"/>); not for a recurrent model.</summary>
    public float Dropout { get; init; }

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
        + FormattableString.Invariant($"tied {TiedHead}, epsilon {NormEpsilon}, RoPE base {RopeBase}")
        + (ExpertCount == 0 ? "" : FormattableString.Invariant($", experts {UsedExpertCount} of {ExpertCount}, capacity {ExpertCapacity}"))
        + (Dropout == 0 ? "" : FormattableString.Invariant($", dropout {Dropout}"));

    /// <summary>The config of a decoder.</summary>
    /// <param name="vocabSize">V.</param>
    /// <param name="architecture">"llama", "gpt2" or "attention-only".</param>
    /// <exception cref="InvalidDataException">The sizes do not belong together.</exception>
    public ModelConfig ToModelConfig(int vocabSize, string architecture = "llama")
    {
        ModelConfig llama = new()
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
            Moe = ExpertCount == 0 ? null : new MoeConfig { ExpertCount = ExpertCount, UsedCount = UsedExpertCount, FeedForwardSize = FeedForwardSize },
        };
        return (architecture switch
        {
            "gpt2" => llama with
            {
                Architecture = architecture, NormKind = NormKind.Layer, Rope = null, FeedForwardKind = FeedForwardKind.Gelu,
                Biases = Biases.QueryKeyValue | Biases.AttentionOutput | Biases.FeedForward,
            },
            "attention-only" => llama with { FeedForwardSize = AttentionOnly.FeedForwardSize },
            _ => llama,
        }).Validate();
    }

    /// <summary>What a decoder does while it learns only.</summary>
    internal LearningSettings ToLearningSettings() => new() { Dropout = Dropout, ExpertCapacity = ExpertCapacity };

    /// <summary>The config of an encoder: pre-norm blocks, whose first weights keep the size of what they read, <c>1/√C</c>.</summary>
    /// <param name="vocabSize">V.</param>
    internal EncoderConfig ToEncoderConfig(int vocabSize) => new()
    {
        VocabSize = vocabSize,
        ContextLength = ContextLength,
        Stack = new TransformerStackSettings
        {
            EmbeddingSize = EmbeddingSize, HeadCount = HeadCount, FeedForwardSize = FeedForwardSize, LayerCount = LayerCount, NormEpsilon = NormEpsilon,
            Deviation = 1 / Math.Sqrt(EmbeddingSize), NormPlacement = NormPlacement.Pre, Dropout = Dropout,
        },
    };

    /// <summary>Checks that there are the sizes that an architecture has, and no others.</summary>
    /// <exception cref="InvalidDataException">A size is missing, too small, or says what the architecture cannot do.</exception>
    internal void Validate(FieldChecks checks, string architecture)
    {
        bool isDecoder = TrainingConfig.IsDecoder(architecture), isRecurrent = CellNames.Find(architecture) is not null, isEncoder = architecture == "encoder";
        ModelSizes unasked = new() { EmbeddingSize = 1, LayerCount = 1, ContextLength = 1 };
        Size("embeddingSize", EmbeddingSize, isUsed: true);
        Size("layerCount", LayerCount, isUsed: true);
        Size("contextLength", ContextLength, isUsed: true);
        Size("headCount", HeadCount, isUsed: !isRecurrent);
        Size("kvHeadCount", KvHeadCount, isDecoder);
        Size("headSize", HeadSize, isDecoder);
        Size("feedForwardSize", FeedForwardSize, isUsed: !isRecurrent && architecture != "attention-only");
        LeftOut("tiedHead", TiedHead, unasked.TiedHead, isEncoder);
        LeftOut("normEpsilon", NormEpsilon, unasked.NormEpsilon, isRecurrent);
        LeftOut("ropeBase", RopeBase, unasked.RopeBase, !isDecoder || architecture == "gpt2");
        LeftOut("dropout", Dropout, unasked.Dropout, isRecurrent);
        checks.Check(Dropout is >= 0 and < 1, "model.dropout", "at least 0, below 1", Dropout);
        LeftOut("expertCount", ExpertCount, unasked.ExpertCount, architecture != "llama");
        checks.Check(ExpertCount is 0 or >= 2, "model.expertCount", "0 (none) or at least 2", ExpertCount);
        checks.Check(ExpertCount == 0 ? UsedExpertCount == 0 : UsedExpertCount >= 1 && UsedExpertCount <= ExpertCount, "model.usedExpertCount",
            ExpertCount == 0 ? "none without expertCount" : $"from 1 to expertCount {ExpertCount}", UsedExpertCount);
        checks.Check(ExpertCount == 0 ? ExpertCapacity == 0 : ExpertCapacity >= 0, "model.expertCapacity", ExpertCount == 0 ? "none without expertCount" : "at least 0", ExpertCapacity);
        if (isEncoder) checks.Check(EmbeddingSize % HeadCount == 0, "model.embeddingSize", $"a multiple of headCount {HeadCount}", EmbeddingSize);

        void Size(string field, int value, bool isUsed) =>
            checks.Check(isUsed ? value >= 1 : value == 0, "model." + field, isUsed ? "at least 1" : $"none for architecture {architecture}", value);

        void LeftOut<T>(string field, T value, T otherwise, bool isUnused) where T : notnull =>
            checks.Check(!isUnused || value.Equals(otherwise), "model." + field, $"nothing for architecture {architecture}", value);
    }
}
