using System.Text.Json;
using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>How often a model answers right: the answer has the words of the key, side by side, and is no longer than a sentence or two.</summary>
/// <param name="Asked">Questions.</param>
/// <param name="Right">Right answers.</param>
/// <param name="ByKind">The share of right answers to each kind of question.</param>
public sealed record AnswerEvaluation(int Asked, int Right, IReadOnlyDictionary<string, double> ByKind)
{
    private const int MaxAnswerTokens = 48; // whoever recites everything is not right

    /// <summary>Right of asked.</summary>
    public double Accuracy => (double)Right / Math.Max(1, Asked);

    /// <summary>Asks every question of the conversations in its place, after the true turns before it, and reads the likeliest answer.</summary>
    /// <param name="conversations">Lines whose world has <c>"questions": [{"kind","question","answer","key"}]</c>; a question ends the user's message that asks it.</param>
    /// <param name="speaker">The model.</param>
    /// <param name="limit">Most questions.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    internal static AnswerEvaluation Measure(IReadOnlyList<ChatExample> conversations, ChatSpeaker speaker, int limit, Action<double> progress, CancellationToken cancellation)
    {
        List<(string Kind, bool Right)> results = [];
        foreach ((ChatExample conversation, string kind, string question, string key) in conversations.SelectMany(Questions))
        {
            if (results.Count == limit) break;
            cancellation.ThrowIfCancellationRequested();
            int turns = conversation.Messages.TakeWhile(message => message.Role != "user" || !message.Content.EndsWith(question, StringComparison.Ordinal)).Count() + 1;
            ChatMessage[] asked = [.. conversation.Messages.Take(turns)];
            if (turns > conversation.Messages.Count || !speaker.Fits(asked, MaxAnswerTokens)) continue;
            results.Add((kind, IsRight(speaker.Answer(asked, MaxAnswerTokens, temperature: 0, seed: 1).Text, key)));
            progress((double)results.Count / limit);
        }
        return new AnswerEvaluation(results.Count, results.Count(result => result.Right), results.GroupBy(result => result.Kind)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Average(result => result.Right ? 1.0 : 0)));
    }

    /// <summary>Whether the key stands in the answer as whole words, whatever the case.</summary>
    internal static bool IsRight(string answer, string key) =>
        $" {string.Join(' ', Text.Words(answer))} ".Contains($" {string.Join(' ', Text.Words(key))} ", StringComparison.Ordinal);

    /// <summary>The questions that a conversation's world lists.</summary>
    internal static IEnumerable<(ChatExample Conversation, string Kind, string Question, string Key)> Questions(ChatExample conversation)
    {
        if (conversation.World is not JsonElement world || !world.TryGetProperty("questions", out JsonElement questions)) yield break;
        foreach (JsonElement question in questions.EnumerateArray())
            yield return (conversation, Field(question, "kind"), Field(question, "question"), Field(question, "key"));
    }

    private static string Field(JsonElement question, string name) => question.TryGetProperty(name, out JsonElement value) && value.GetString() is string text
        ? text
        : throw new InvalidDataException($"conversations: world.questions: expected the field {name}, got {question}.");
}
