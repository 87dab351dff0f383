using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.Checking;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>
/// Rules by which an answer is judged that make no training pair: it says something, it is finished, it says no sentence twice, it tells about whom it was asked, and a
/// tale does not contradict itself about things and who holds them and turns to its listener between its beginning and its end. All tales of the generators keep all but the last, which
/// is a matter of taste: one of their two tellers does not care for it.
/// </summary>
public static partial class AnswerRules
{
    private const int LeastWords = 6; // of a sentence that nobody says twice; "Crunch, crunch!" may come again

    private const int LeastOfATale = 200; // characters

    /// <summary>Rules of the <see cref="WorldChecker"/> by which models are judged here and which make no pair; the others make pairs and judge nothing here.</summary>
    public const WorldRules HeldBack = WorldRules.Form | WorldRules.Things | WorldRules.Holders;

    /// <summary>What the rules ask of an answer, in a few words each, in the order of <see cref="Kept"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["says something", "is finished", "says nothing twice", "tells what was asked", "keeps its things", "turns to the listener"];

    /// <summary>Which rules an answer keeps.</summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="answer">The answer.</param>
    public static bool[] Kept(string prompt, string answer) =>
        [answer.Trim().Length > 0, IsFinished(answer), SaysNothingTwice(answer), TellsWhatWasAsked(prompt, answer), KeepsItsThings(answer), TurnsToTheListener(answer)];

    /// <summary>How many rules an answer keeps, 0 to 6.</summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="answer">The answer.</param>
    public static int Score(string prompt, string answer) => Kept(prompt, answer).Count(kept => kept);

    /// <summary>Whether it ends as a sentence does.</summary>
    public static bool IsFinished(string answer) => answer.TrimEnd() is { Length: > 0 } text && text[^1] is '.' or '!' or '?' or '"';

    /// <summary>Whether no sentence of at least so many words comes twice.</summary>
    public static bool SaysNothingTwice(string answer, int leastWords = LeastWords)
    {
        string[] sentences = [.. Text.Sentences(answer).Select(sentence => string.Join(' ', Text.Words(sentence))).Where(words => words.Count(c => c == ' ') >= leastWords - 1)];
        return sentences.Distinct().Count() == sentences.Length;
    }

    /// <summary>Whether a tale that was asked for is about the kind of hero that the request says, "a story about a fox", and has the name that it gives, "named Pearl".</summary>
    public static bool TellsWhatWasAsked(string prompt, string answer)
    {
        if (Request().Match(prompt) is not { Success: true } request) return true;
        List<string> words = Text.Words(answer);
        return words.Contains(request.Groups["kind"].Value) && (!request.Groups["name"].Success || words.Contains(request.Groups["name"].Value.ToLowerInvariant()));
    }

    /// <summary>Whether a tale keeps what it says about things; what is too short for a tale does.</summary>
    public static bool KeepsItsThings(string answer) => answer.Length < LeastOfATale || WorldChecker.Check(answer, HeldBack).IsConsistent;

    /// <summary>Whether a tale turns to its listener in the middle; what is too short for a tale does. Pairs are made by how tales begin.</summary>
    public static bool TurnsToTheListener(string answer) => answer.Length < LeastOfATale || ListenerRules.Between(answer);

    [GeneratedRegex(@"\b(?:story|tale) about an? (?<kind>[a-z]+)(?: named (?<name>[A-Z][a-z]+))?")]
    private static partial Regex Request();
}
