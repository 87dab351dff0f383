namespace LlmFromScratch.Training.Alignment;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">"system", "user" or "assistant".</param>
/// <param name="Content">The text.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>What is wrong with the turns of an example: field, expected, got; null for nothing.</summary>
    /// <param name="field">The field that has them.</param>
    /// <param name="messages">The turns, as they were read.</param>
    /// <param name="lastRole">Who must have the last word; null for anybody.</param>
    internal static string? FaultOf(string field, IReadOnlyList<ChatMessage?> messages, string? lastRole)
    {
        if (messages.Count == 0) return $"{field}: expected at least one message, got none";
        for (int i = 0; i < messages.Count; i++)
            if (messages[i]?.Role is not ("system" or "user" or "assistant"))
                return $"{field}[{i}]: expected a role of system, user or assistant, got {(messages[i] is ChatMessage message ? $"\"{message.Role}\"" : "null")}";
        return lastRole is null || messages[^1]!.Role == lastRole ? null : $"{field}: expected the last message by the {lastRole}, got one by the {messages[^1]!.Role}"; // not null: it has a role
    }
}
