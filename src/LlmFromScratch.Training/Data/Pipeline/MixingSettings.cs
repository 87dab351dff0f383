namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>How the sources of a corpus are mixed.</summary>
public sealed record MixingSettings
{
    /// <summary>A weight for each source, for how often a document is taken from it; without any, the numbers of their documents.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>T of <see cref="DomainMixture"/>.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Decides the draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How often a document may be taken. The mixture ends when a source is drawn whose documents were all taken so often.</summary>
    public int Epochs { get; init; } = 1;
}
