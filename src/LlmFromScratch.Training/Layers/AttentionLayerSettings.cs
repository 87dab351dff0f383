using LlmFromScratch.Models;

namespace LlmFromScratch.Training.Layers;

/// <summary>What an <see cref="AttentionLayer"/> is made of; multi-head attention without biases and positions by default.</summary>
public sealed record AttentionLayerSettings
{
    /// <summary>C.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>H.</summary>
    public required int HeadCount { get; init; }

    /// <summary>K: H for multi-head attention, 1 for multi-query, between them grouped-query (Shazeer 2019; Ainslie et al. 2023).</summary>
    public required int KvHeadCount { get; init; }

    /// <summary>D.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Whether query, key and value have biases.</summary>
    public bool HasBias { get; init; }

    /// <summary>Whether the output matrix has a bias.</summary>
    public bool HasOutputBias { get; init; }

    /// <summary>Rotary positions, or null.</summary>
    public RopeConfig? Rope { get; init; }

    /// <summary>Whether each head of queries and keys is RMS-normalised before it is turned.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>ε of these norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Deviation of the first weights.</summary>
    public double Deviation { get; init; } = 0.02;

    /// <summary>Deviation of the output matrix's first weights.</summary>
    public double OutputDeviation { get; init; } = 0.02;
}
