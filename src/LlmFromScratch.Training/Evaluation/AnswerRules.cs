using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>
/// Rules by which an answer is judged that make no training pair: it says something, it is finished, it says nothing twice, and it keeps to the people it began with.
/// </summary>
public static partial class AnswerRules
{
    /// <summary>How many rules an answer keeps, 0 to 4.</summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="answer">The answer.</param>
    public static int Score(string prompt, string answer) =>
        new[] { answer.Trim().Length > 0, IsFinished(answer), SaysNothingTwice(answer), KeepsToItsPeople(prompt, answer) }.Count(kept => kept);

    /// <summary>Whether it ends as a sentence does.</summary>
    public static bool IsFinished(string answer) => answer.TrimEnd() is { Length: > 0 } text && text[^1] is '.' or '!' or '?' or '"';

    /// <summary>Whether no sentence comes twice.</summary>
    public static bool SaysNothingTwice(string answer)
    {
        string[] sentences = [.. Text.Sentences(answer)];
        return sentences.Distinct(StringComparer.OrdinalIgnoreCase).Count() == sentences.Length;
    }

    /// <summary>Whether no name appears for the first time in the last third of an answer: whoever ends a tale should have been in it.</summary>
    public static bool KeepsToItsPeople(string prompt, string answer)
    {
        int late = answer.Length * 2 / 3;
        string before = prompt + " " + answer[..late];
        return Name().Matches(answer[late..]).All(match => before.Contains(match.Value, StringComparison.Ordinal));
    }

    // A word with a capital inside of a sentence.
    [GeneratedRegex(@"(?<=[a-z,;] )[A-Z][a-z]+")]
    private static partial Regex Name();
}
