using LlmFromScratch.Numerics;

namespace LlmFromScratch.Models;

/// <summary>The numbers of scaled RoPE; the default is no scaling.</summary>
public sealed record RopeScaling
{
    /// <summary>The way.</summary>
    public RopeScalingKind Kind { get; init; } = RopeScalingKind.Linear;

    /// <summary>s: how many times longer contexts become; at least above 0.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>The context of the training before scaling, in tokens; 0 where the way does not need it.</summary>
    public int OriginalContextLength { get; init; }

    /// <summary>YaRN's β: pairs that turn more often than this over the original context keep their frequency.</summary>
    public float BetaFast { get; init; } = 32;

    /// <summary>YaRN's α: pairs that turn less often than this are divided by the whole factor.</summary>
    public float BetaSlow { get; init; } = 1;

    /// <summary>Multiplies the turned values.</summary>
    public float AttentionFactor { get; init; } = 1;

    /// <summary>What cosine and sine are multiplied by: the attention factor, with YaRN times <c>1 + ln(s) / 10</c> (Peng et al. 2023, eq. 22).</summary>
    public float Magnitude => Kind == RopeScalingKind.Yarn ? (float)(AttentionFactor * (1 + 0.1 * PortableMath.Log(Factor))) : AttentionFactor;
}
