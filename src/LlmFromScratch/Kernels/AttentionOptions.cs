namespace LlmFromScratch.Kernels;

/// <summary>What an attention call needs besides its tensors.</summary>
/// <param name="Scale">Factor on every score before softmax, usually <c>1 / √D</c>.</param>
public readonly record struct AttentionOptions(float Scale);
