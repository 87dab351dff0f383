namespace LlmFromScratch.Training.Autograd;

/// <summary>The sizes that <see cref="Tape.Attention"/> cannot read from its inputs.</summary>
/// <param name="SequenceCount">B: the rows belong to this many sequences of equal length.</param>
/// <param name="HeadCount">H: query heads.</param>
/// <param name="KvHeadCount">K: key/value heads; H is a multiple of K.</param>
/// <param name="Causal">Whether a query sees only positions up to its own.</param>
/// <param name="Scale">Factor of the scores, above 0; null means <c>1/√D</c>.</param>
public readonly record struct AttentionSettings(int SequenceCount, int HeadCount, int KvHeadCount, bool Causal = true, float? Scale = null);
