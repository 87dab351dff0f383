namespace LlmFromScratch.Sampling;

/// <summary>A token and the natural logarithm of its probability.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Logprob"><c>ln p</c>, at most 0.</param>
public readonly record struct TokenLogprob(int Id, double Logprob);
