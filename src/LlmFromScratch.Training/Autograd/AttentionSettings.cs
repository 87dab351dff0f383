namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// What <see cref="Tape.Attention"/> cannot read from its inputs: sizes, and which keys a query sees. Causal order, window and segments hold together: a query
/// sees a key only if all allow it. These rows are runs of neighbouring keys, so the cost is that of the keys seen.
/// </summary>
/// <param name="SequenceCount">B: the rows belong to this many sequences of equal length.</param>
/// <param name="HeadCount">H: query heads.</param>
/// <param name="KvHeadCount">K: key/value heads; H is a multiple of K.</param>
/// <param name="Causal">Whether a query sees only positions up to its own.</param>
/// <param name="Scale">Factor of the scores, above 0; null means <c>1/√D</c>.</param>
/// <param name="Window">A query sees only keys less than this many positions away, itself included (Beltagy et al. 2020); 0 means no limit.</param>
/// <param name="SoftCap">Scores become <c>cap · tanh(score / cap)</c> (Gemma 2, section 2); 0 means no cap.</param>
public readonly record struct AttentionSettings(int SequenceCount, int HeadCount, int KvHeadCount, bool Causal = true, float? Scale = null,
    int Window = 0, float SoftCap = 0)
{
    /// <summary>
    /// [B·S]: the document that each key row belongs to; a query sees only keys of its own document. Documents packed into one sequence, and padding after
    /// a text, are both segments; each is one run of rows. Empty means one document a sequence. Not to be changed before the backward pass.
    /// </summary>
    public ReadOnlyMemory<int> Segments { get; init; }

    /// <summary>
    /// [B·T]: the segment of each query row, for cross-attention. Empty means that the queries are the last T of the S positions and have their segments.
    /// </summary>
    public ReadOnlyMemory<int> QuerySegments { get; init; }
}
