using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>What can be asked of a tale of which nothing but the text is known, such as one that a model told.</summary>
internal static partial class ToldTale
{
    private const int OpeningLength = 170; // characters, in which every tale says who its hero is and what

    private static readonly Regex Kind = new($@"\b({string.Join('|', [.. Casting.Kinds, .. Casting.MoreKinds])})\b");

    /// <summary>What the hero is called, asked by what he is, where a friend of another kind could be mistaken for him; nothing for any other text.</summary>
    public static TaleQuestion[] NameOfHero(string tale)
    {
        TaleReading reading = new(tale);
        if (reading.Cast is not [string hero, string friend, ..] || TaleReading.IsChild(hero)) return [];
        if (Kind.Match(tale) is not { Success: true, Index: < OpeningLength, Value: string kind } || tale.IndexOf(hero, StringComparison.Ordinal) >= OpeningLength) return [];
        string[] others = [.. NameAndKind().Matches(tale).Where(match => match.Groups["name"].Value == friend).Select(match => match.Groups["kind"].Value)];
        return others.Length > 0 && !others.Contains(kind) ? ListenerQuestions.Called(kind, hero) : [];
    }

    [GeneratedRegex(@"\b(?<name>[A-Z][a-z]+) the (?<kind>[a-z]+)")]
    private static partial Regex NameAndKind();
}
