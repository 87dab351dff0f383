namespace LlmFromScratch.Training.Alignment;

/// <summary>A conversation to learn from, tokenized once when its file is read: steps draw it again and again.</summary>
/// <param name="Opening">The first turn, which samples answer.</param>
/// <param name="Tokens">All turns.</param>
public sealed record TokenizedTalk(ChatMessage Opening, TokenizedExample Tokens)
{
    /// <summary>Tokenizes a line of a file.</summary>
    /// <exception cref="ArgumentException">The assistant says nothing.</exception>
    public static TokenizedTalk Of(ChatExample example, ChatMl chatMl)
    {
        TokenizedExample tokens = chatMl.Encode(example.Messages);
        return new TokenizedTalk(example.Messages[0], tokens);
    }
}
