namespace LlmFromScratch.Models;

/// <summary>A mixture of experts in place of each feed-forward network: a router sends each token to a few of many (Jiang et al. 2024, Mixtral).</summary>
public sealed record MoeConfig
{
    /// <summary>E: experts a layer.</summary>
    public required int ExpertCount { get; init; }

    /// <summary>U: experts that a token uses.</summary>
    public required int UsedCount { get; init; }

    /// <summary>F: width of one expert.</summary>
    public required int FeedForwardSize { get; init; }
}
