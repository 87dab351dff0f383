using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// The sizes and constants of a decoder-only transformer: everything that its weights do not say. One forward pass serves all architectures; what
/// differs between them stands here as data, and the defaults are llama's. Shape letters in the comments.
/// </summary>
[TypeFormatterSource(TypeFormatterSourceAttribute.Visuals, "ModelFormatterSource")]
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

    /// <summary>F: width of the feed-forward network; with experts each has its own, see <see cref="MoeConfig.FeedForwardSize"/>.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>How rows are normalised.</summary>
    public NormKind NormKind { get; init; } = NormKind.Rms;

    /// <summary>ε of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Whether attention and feed-forward network are normalised behind as well, before they are added to the residual stream (gemma2, gemma3).</summary>
    public bool PostNorm { get; init; }

    /// <summary>What attention has beyond scaled dot products.</summary>
    public AttentionConfig Attention { get; init; } = new();

    /// <summary>Rotary positions; null for learned ones, a row of "position_embd.weight" added to the embedding (GPT-2).</summary>
    public RopeConfig? Rope { get; init; } = new();

    /// <summary>The feed-forward network's activation and gate.</summary>
    public FeedForwardKind FeedForwardKind { get; init; } = FeedForwardKind.SwiGlu;

    /// <summary>Experts in place of the feed-forward network; null for none.</summary>
    public MoeConfig? Moe { get; init; }

    /// <summary>Which matrices have a bias.</summary>
    public Biases Biases { get; init; } = Biases.None;

    /// <summary>Multiplies the embedding: √C for gemma, else 1.</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>c: logits become <c>c · tanh(logit / c)</c>; null for none (gemma2).</summary>
    public float? LogitSoftCap { get; init; }

    /// <summary>Whether the output head is the embedding table itself (weight tying, Press and Wolf 2017).</summary>
    public bool TiedHead { get; init; }

    /// <summary>R: values of a head that RoPE turns; 0 where positions are learned.</summary>
    public int RotatedSize => Rope is null ? 0 : Rope.RotatedSize ?? HeadSize;

    /// <summary>The number of weights; the divisors of scaled RoPE are not counted.</summary>
    public long ParameterCount => ParametersByPart().Sum(part => part.Count);

    /// <summary>The number of weights of each part, in the order of the flow: embedding, positions, attention, feed-forward, norms, head. A tied head has none of its own.</summary>
    public IReadOnlyList<(string Part, long Count)> ParametersByPart() => ParameterCounting.Count(this);

    /// <summary>Whether the model has a bias at this place.</summary>
    public bool HasBias(Biases place) => (Biases & place) != 0;

    /// <summary>What a layer's attention hands to the backend.</summary>
    /// <param name="layer">Counted from 0.</param>
    public AttentionOptions AttentionOptionsOf(int layer) => new(
        Attention.Scale ?? 1 / MathF.Sqrt(HeadSize), Attention.SoftCap ?? 0, IsLocal(layer) ? Attention.Window!.Size : 0); // not null: the layer is local

    /// <summary>Whether a layer, counted from 0, sees only the last tokens.</summary>
    public bool IsLocal(int layer) => Attention.Window?.IsLocal(layer) ?? false;

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
        Require((long)HeadCount * HeadSize <= int.MaxValue,
            $"HeadCount {HeadCount} times HeadSize {HeadSize} is {(long)HeadCount * HeadSize}; expected at most {int.MaxValue}.");
        Require(HeadCount % KvHeadCount == 0,
            $"HeadCount {HeadCount} is no multiple of KvHeadCount {KvHeadCount}; each key/value head serves a whole group of query heads.");
        RequirePositive(nameof(NormEpsilon), NormEpsilon);
        RequirePositive(nameof(EmbeddingScale), EmbeddingScale);
        RequirePositive(nameof(LogitSoftCap), LogitSoftCap ?? 1);
        RequirePositive("Attention.Scale", Attention.Scale ?? 1);
        RequirePositive("Attention.SoftCap", Attention.SoftCap ?? 1);
        RequirePositive("Attention.Window.Size", Attention.Window?.Size ?? 1);
        RequirePositive("Attention.Window.Period", Attention.Window?.Period ?? 1);
        if (Rope is not null) ValidateRope(Rope);
        if (Moe is not null) ValidateMoe(Moe);
        return this;
    }

    private void ValidateRope(RopeConfig rope)
    {
        Require(rope.RotatedSize is not null || HeadSize % 2 == 0, $"HeadSize {HeadSize} is odd; RoPE turns pairs of values.");
        Require(RotatedSize % 2 == 0 && RotatedSize >= 2 && RotatedSize <= HeadSize,
            $"Rope.RotatedSize is {RotatedSize}; expected an even number from 2 to HeadSize {HeadSize}.");
        foreach (float ropeBase in (ReadOnlySpan<float>)[rope.Base, rope.LocalBase ?? rope.Base])
            Require(ropeBase > 1 && float.IsFinite(ropeBase), $"Rope.Base is {ropeBase}; expected above 1.");
        RequirePositive("Rope.Scaling.Factor", rope.Scaling.Factor);
        RequirePositive("Rope.Scaling.AttentionFactor", rope.Scaling.AttentionFactor);
        RequirePositive("Rope.Scaling.BetaFast", rope.Scaling.BetaFast);
        RequirePositive("Rope.Scaling.BetaSlow", rope.Scaling.BetaSlow);
        if (rope.Scaling.Kind != RopeScalingKind.Linear) RequirePositive("Rope.Scaling.OriginalContextLength", rope.Scaling.OriginalContextLength);
    }

    private void ValidateMoe(MoeConfig moe)
    {
        RequirePositive("Moe.ExpertCount", moe.ExpertCount);
        RequirePositive("Moe.UsedCount", moe.UsedCount);
        RequirePositive("Moe.FeedForwardSize", moe.FeedForwardSize);
        Require(moe.UsedCount <= moe.ExpertCount, $"Moe.UsedCount {moe.UsedCount} is more than Moe.ExpertCount {moe.ExpertCount}.");
        Require(FeedForwardKind != FeedForwardKind.Gelu && !HasBias(Biases.FeedForward),
            "experts have a gate and no bias; FeedForwardKind or Biases say otherwise.");
    }

    private static void RequirePositive(string field, float value) => Require(value > 0 && float.IsFinite(value), $"{field} is {value}; expected above 0.");

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidDataException($"ModelConfig: {what}");
    }
}
