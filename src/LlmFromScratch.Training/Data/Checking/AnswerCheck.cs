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
    /// than the expected one. Where the key is only yes or no, the answer is that word alone or begins with it and has the expected answer's last word too: "No, Zoe
    /// is a girl." Case does not matter, nor does what surrounds the key.
    /// </summary>
    public static bool IsRight(TaleQuestion question, string answer)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Trim().Length > question.Answer.Length + LongerThanExpected) return false;
        if (!HasKey(question, answer) || !IsReasonable(question, answer)) return false;
        string known = question.Question + " " + question.Answer;
        return TaleReading.Names.Keys.All(name => !Names(answer, name) || Names(known, name));
    }

    /// <summary>Whether the key's words stand in an answer side by side, whatever the case and the marks between them; one that lacks them is surely wrong.</summary>
    public static bool HasKey(TaleQuestion question, string answer) =>
        $" {string.Join(' ', Text.Words(answer))} ".Contains($" {string.Join(' ', Text.Words(question.Key))} ", StringComparison.Ordinal);

    // A yes or no is half guessed: what is said after it must be right as well.
    private static bool IsReasonable(TaleQuestion question, string answer)
    {
        if (question.Key is not ("Yes" or "No")) return true;
        string[] words = [.. Text.Words(answer)];
        return words[0] == question.Key.ToLowerInvariant() && (words.Length == 1 || words.Contains(Text.Words(question.Answer).Last()));
    }

    private static bool Names(string text, string name) => Regex.IsMatch(text, $@"\b{name}\b");
}
