using System.Text.Json;
using LlmFromScratch.Training.Data.Dialogues;

namespace LlmFromScratch.Training.Data.Worlds;

/// <summary>Two answers to one talk, of which one is better by a stated rule.</summary>
/// <param name="Prompt">The talk so far; the last turn is the user's.</param>
/// <param name="Chosen">The better answer.</param>
/// <param name="Rejected">The worse one.</param>
/// <param name="Rule">kind, truthful or short.</param>
public sealed record PreferencePair(IReadOnlyList<Turn> Prompt, string Chosen, string Rejected, string Rule)
{
    /// <summary>One line of a preferences file: <c>{"prompt":[{"role","content"}, ...],"chosen","rejected","rule"}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Dialogue.JsonOptions);
}
