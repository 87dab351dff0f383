using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>A talk between a listener and the story teller. The user begins, and the two take turns.</summary>
/// <param name="Kind">"story" (asked for, then talked about), "reading" (the user brings the tale), "world" (a few facts and questions) or "small talk".</param>
/// <param name="Turns">Who says what.</param>
/// <param name="Questions">The questions among them that have one right answer, in the order in which they are asked.</param>
/// <param name="World">The tale's world, where there is a tale.</param>
public sealed record Dialogue(string Kind, IReadOnlyList<Turn> Turns, IReadOnlyList<TaleQuestion> Questions, TaleWorld? World)
{
    /// <summary>The talk as plain text: <c>Q: ...</c> for the user and <c>A: ...</c> for the story teller, a line end between turns.</summary>
    public string ToPlainText()
    {
        StringBuilder text = new();
        foreach (Turn turn in Turns) text.Append(text.Length > 0 ? "\n" : "").Append(turn.Role == "user" ? "Q: " : "A: ").Append(turn.Content);
        return text.ToString();
    }

    /// <summary>
    /// One line of a conversations file: <c>{"messages":[{"role","content"}, ...],"world":{"kind", "tale", "questions"}}</c>. A question stands at the end of
    /// the user's message that asks it; its key is what makes an answer right.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(new { Messages = Turns, World = new { Kind, Tale = World, Questions } }, JsonOptions);

    internal static JsonSerializerOptions JsonOptions { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // plain quotation marks and apostrophes, so that a person can read the lines
    };
}
