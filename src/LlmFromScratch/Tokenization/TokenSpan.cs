namespace LlmFromScratch.Tokenization;

/// <summary>A token and the part of the text that it stands for.</summary>
/// <param name="Id">The token.</param>
/// <param name="Start">Where its part starts, in bytes of the text in UTF-8.</param>
/// <param name="Length">How many bytes; 0 for a token that stands for nothing in the text, such as a space put in front.</param>
public readonly record struct TokenSpan(int Id, int Start, int Length);
