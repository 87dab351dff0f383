namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>The heart of a tokenizer: turns a piece of text, normalised and cut, into tokens of the vocabulary.</summary>
internal interface ITokenModel
{
    /// <summary>Appends the tokens of a piece.</summary>
    void Encode(AlignedText piece, List<TokenSpan> tokens);
}
