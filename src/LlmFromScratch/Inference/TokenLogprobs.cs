using LlmFromScratch.Sampling;

namespace LlmFromScratch.Inference;

/// <summary>How likely the model itself held a chosen token, and which tokens it held likeliest in its place.</summary>
/// <param name="Chosen">The token that was chosen.</param>
/// <param name="Top">The most probable tokens, best first; as many as were asked for.</param>
public sealed record TokenLogprobs(TokenLogprob Chosen, IReadOnlyList<TokenLogprob> Top);
