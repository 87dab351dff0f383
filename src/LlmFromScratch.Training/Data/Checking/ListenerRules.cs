using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>Where a tale turns to its listener, outside of what is said in it.</summary>
internal static partial class ListenerRules
{
    private const int EndSentences = 2; // at the beginning and at the end

    /// <summary>Whether it begins with a word to the listener: "Do you know Pip?", "Come closer and listen."</summary>
    public static bool AtTheBeginning(string tale) => Narrated(tale).Take(EndSentences).Any(sentence => Framing().IsMatch(sentence));

    /// <summary>Whether it turns to the listener between beginning and end: "Can you guess what came next?"</summary>
    public static bool Between(string tale)
    {
        string[] sentences = Narrated(tale);
        return sentences.Length > 2 * EndSentences && sentences[EndSentences..^EndSentences].Any(sentence => Address().IsMatch(sentence));
    }

    private static string[] Narrated(string tale) =>
        [.. SentenceEnd().Split(Speech().Replace(tale.Replace('\n', ' '), "")).Select(sentence => sentence.Trim()).Where(sentence => sentence.Any(char.IsLetter))];

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Speech();

    [GeneratedRegex("(?<=[.!?]) ")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\b(?:you|your|listen|let me|story|tale)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Framing();

    [GeneratedRegex(@"\b(?:you|your|listen|hush|little one)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
