namespace LlmFromScratch.Tokenization;

/// <summary>One step of training: the merge just learned.</summary>
/// <param name="VocabSize">Tokens so far, without control tokens.</param>
/// <param name="TargetVocabSize">Tokens at the end, without control tokens.</param>
/// <param name="Merge">The merge.</param>
/// <param name="Count">How often the pair stood in the texts before it was merged.</param>
public readonly record struct BpeTrainingProgress(int VocabSize, int TargetVocabSize, BpeMerge Merge, long Count);
