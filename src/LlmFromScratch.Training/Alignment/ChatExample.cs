using System.Text.Json;

namespace LlmFromScratch.Training.Alignment;

/// <summary>A line of a conversations file: <c>{"messages":[{"role","content"}, ...],"world":{...}}</c>.</summary>
/// <param name="Messages">The turns; an assistant has the last word, or it waits for an answer.</param>
/// <param name="World">What is true in the story, for whoever checks answers; absent in most sets.</param>
public sealed record ChatExample(IReadOnlyList<ChatMessage> Messages, JsonElement? World = null) : IExample
{
    /// <inheritdoc/>
    public static string Form => """{"messages": [{"role": "...", "content": "..."}, ...]}""";

    /// <inheritdoc/>
    public string? Fault(bool toLearn) => ChatMessage.FaultOf("messages", Messages, lastRole: toLearn ? "assistant" : null);
}
