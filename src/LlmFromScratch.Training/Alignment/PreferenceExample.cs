namespace LlmFromScratch.Training.Alignment;

/// <summary>A line of a preferences file: <c>{"prompt":[messages],"chosen":"...","rejected":"...","rule":"..."}</c>.</summary>
/// <param name="Prompt">The turns before the answer.</param>
/// <param name="Chosen">The better answer.</param>
/// <param name="Rejected">The other.</param>
/// <param name="Rule">The rule that decided.</param>
public sealed record PreferenceExample(IReadOnlyList<ChatMessage> Prompt, string Chosen, string Rejected, string Rule);
