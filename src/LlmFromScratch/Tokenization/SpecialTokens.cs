using System.Collections.Frozen;

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

    /// <summary>Parts two texts and ends the last, in models that read pairs of texts (BERT).</summary>
    public int? Separator { get; init; }

    /// <summary>Whether the model was trained with a beginning token before every text.</summary>
    public bool AddBeginOfSequence { get; init; }

    /// <summary>Whether the model was trained with an end token after every text (T5).</summary>
    public bool AddEndOfSequence { get; init; }

    /// <summary>Other tokens with which a model says that it has finished: the end of a turn or of a message in chat models.</summary>
    public FrozenSet<int> EndsOfTurn { get; init; } = FrozenSet<int>.Empty;

    /// <summary>Whether a model that chooses this token has finished.</summary>
    public bool IsEnd(int id) => id == EndOfSequence || EndsOfTurn.Contains(id);
}
