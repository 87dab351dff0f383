namespace LlmFromScratch.Inference;

/// <summary>How long the two phases took, in milliseconds. The first token comes from prefill, so decode runs one step less than there are tokens.</summary>
/// <param name="PrefillMilliseconds">Reading the prompt, to the logits of the first token.</param>
/// <param name="DecodeMilliseconds">All steps after it.</param>
/// <param name="DecodeSteps">Forward calls of one token.</param>
public readonly record struct GenerationTimings(double PrefillMilliseconds, double DecodeMilliseconds, int DecodeSteps);
