using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>What a decoder's cross-attention looks at.</summary>
/// <param name="Rows">[B·S, C]: an encoder's output.</param>
/// <param name="Segments">[B·S]: 0 for tokens, another number for padding; empty if there is none.</param>
public readonly record struct CrossSource(Variable Rows, ReadOnlyMemory<int> Segments);
