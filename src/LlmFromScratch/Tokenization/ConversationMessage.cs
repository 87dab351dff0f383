namespace LlmFromScratch.Tokenization;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks: "system", "user", "assistant", or what else a model's template knows.</param>
/// <param name="Content">What was said.</param>
public sealed record ConversationMessage(string Role, string Content);
