namespace LlmFromScratch.Training.Alignment;

/// <summary>A line of a preferences file: <c>{"prompt":[messages],"chosen":"...","rejected":"...","rule":"..."}</c>.</summary>
/// <param name="Prompt">The turns before the answer; a user has the last word.</param>
/// <param name="Chosen">The better answer.</param>
/// <param name="Rejected">The other.</param>
/// <param name="Rule">The rule that decided.</param>
public sealed record PreferenceExample(IReadOnlyList<ChatMessage> Prompt, string Chosen, string Rejected, string Rule) : IExample
{
    /// <inheritdoc/>
    public static string Form => """{"prompt": [{"role": "...", "content": "..."}, ...], "chosen": "...", "rejected": "...", "rule": "..."}""";

    /// <inheritdoc/>
    public string? Fault(bool toLearn) => string.IsNullOrWhiteSpace(Rule) ? $"rule: expected a name, got \"{Rule}\"" : ChatMessage.FaultOf("prompt", Prompt, lastRole: "user");
}
