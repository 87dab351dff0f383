using System.Text.Json;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>How often a model answers right, by <see cref="AnswerCheck"/>.</summary>
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
        foreach ((ChatExample conversation, TaleQuestion question) in conversations.SelectMany(one => Questions(one).Select(question => (one, question))))
        {
            if (results.Count == limit) break;
            cancellation.ThrowIfCancellationRequested();
            int turns = conversation.Messages.TakeWhile(message => message.Role != "user" || !message.Content.EndsWith(question.Question, StringComparison.Ordinal)).Count() + 1;
            ChatMessage[] asked = [.. conversation.Messages.Take(turns)];
            if (turns > conversation.Messages.Count || !speaker.Fits(asked, MaxAnswerTokens)) continue;
            results.Add((question.Kind, AnswerCheck.IsRight(question, speaker.Answer(asked, MaxAnswerTokens, temperature: 0, seed: 1).Text)));
            progress((double)results.Count / limit);
        }
        return new AnswerEvaluation(results.Count, results.Count(result => result.Right), results.GroupBy(result => result.Kind)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Average(result => result.Right ? 1.0 : 0)));
    }

    /// <summary>The questions that a conversation's world lists.</summary>
    internal static IEnumerable<TaleQuestion> Questions(ChatExample conversation)
    {
        if (conversation.World is not JsonElement world || !world.TryGetProperty("questions", out JsonElement questions)) yield break;
        foreach (JsonElement question in questions.EnumerateArray())
            yield return new TaleQuestion(Field(question, "kind"), Field(question, "question"), Field(question, "answer"), Field(question, "key"));
    }

    private static string Field(JsonElement question, string name) => question.TryGetProperty(name, out JsonElement value) && value.GetString() is string text
        ? text
        : throw new InvalidDataException($"conversations: world.questions: expected the field {name}, got {question}.");
}
