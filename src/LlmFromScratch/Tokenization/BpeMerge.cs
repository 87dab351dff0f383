namespace LlmFromScratch.Tokenization;

/// <summary>A rule of byte-pair encoding: the tokens <c>Left Right</c> side by side become the token <c>Id</c>.</summary>
/// <param name="Left">The id of the first token.</param>
/// <param name="Right">The id of the second token.</param>
/// <param name="Id">The id whose bytes are those of both.</param>
public readonly record struct BpeMerge(int Left, int Right, int Id);
