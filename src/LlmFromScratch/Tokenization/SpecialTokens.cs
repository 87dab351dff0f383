namespace LlmFromScratch.Tokenization;

/// <summary>The special ids of a vocabulary; null where a vocabulary has none.</summary>
public sealed record SpecialTokens
{
    /// <summary>Beginning of sequence: placed before a prompt when <see cref="AddBeginOfSequence"/> says so.</summary>
    public int? BeginOfSequence { get; init; }

    /// <summary>End of sequence: the model says that it has finished.</summary>
    public int? EndOfSequence { get; init; }

    /// <summary>Stands for text that the vocabulary cannot express.</summary>
    public int? Unknown { get; init; }

    /// <summary>Whether the model was trained with a beginning token before every text.</summary>
    public bool AddBeginOfSequence { get; init; }
}
