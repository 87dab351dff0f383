namespace LlmFromScratch.Inference;

/// <summary>How long the two phases took, in milliseconds. The first token comes from prefill, so decode runs one step less than there are tokens.</summary>
/// <param name="PrefillMilliseconds">Reading the prompt, to the logits of the first token.</param>
/// <param name="PrefillTokens">Tokens of the prompt that were read: fewer than it has where a session had read its beginning.</param>
/// <param name="DecodeMilliseconds">All steps after it.</param>
/// <param name="DecodeSteps">Forward calls of one token.</param>
public readonly record struct GenerationTimings(double PrefillMilliseconds, int PrefillTokens, double DecodeMilliseconds, int DecodeSteps);
