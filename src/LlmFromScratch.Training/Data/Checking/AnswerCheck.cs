using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Evaluation;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>Says whether an answer to a question about a tale or a small world is right.</summary>
public static class AnswerCheck
{
    private const int LongerThanExpected = 60; // characters: an answer that tells half the tale beside the key is no answer

    /// <summary>
    /// Right is an answer that has the words of the question's key, names nobody whom neither the question nor the expected answer names, and is not much longer
    /// than the expected one. Case does not matter, nor does what surrounds the key.
    /// </summary>
    public static bool IsRight(TaleQuestion question, string answer)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Trim().Length > question.Answer.Length + LongerThanExpected) return false;
        if (!HasKey(question, answer)) return false;
        string known = question.Question + " " + question.Answer;
        return TaleReading.Names.Keys.All(name => known.Contains(name, StringComparison.Ordinal) || !Regex.IsMatch(answer, $@"\b{name}\b"));
    }

    /// <summary>Whether the key's words stand in an answer side by side, whatever the case and the marks between them; one that lacks them is surely wrong.</summary>
    public static bool HasKey(TaleQuestion question, string answer) =>
        $" {string.Join(' ', Text.Words(answer))} ".Contains($" {string.Join(' ', Text.Words(question.Key))} ", StringComparison.Ordinal);
}
