using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>What: a thing that is spoken of as "the kite" has been brought in before ("a red kite", "his kite"), and it keeps its colour.</summary>
internal static class ThingRules
{
    /// <summary>The things that a tale brings in with an article or as somebody's own, in the order of their first mention.</summary>
    public static IEnumerable<ThingPatterns> Introduced(TaleReading reading) =>
        ThingPatterns.All.Select(thing => (Thing: thing, At: thing.FirstMention(reading.Text))).Where(pair => pair.At >= 0).OrderBy(pair => pair.At).Select(pair => pair.Thing);

    public static IEnumerable<string> Problems(TaleReading reading)
    {
        foreach (ThingPatterns thing in ThingPatterns.All)
        {
            if (!reading.Text.Contains(thing.Noun, StringComparison.Ordinal)) continue;
            string[] colours = [.. thing.Coloured?.Matches(reading.Text).Select(match => match.Groups[1].Value).Distinct() ?? []];
            if (colours.Length > 1) yield return $"the {thing.Noun} is {string.Join(" and ", colours)}";
            Match definite = thing.Definite.Match(reading.Narration);
            int brought = thing.FirstMention(reading.Text);
            if (definite.Success && (brought < 0 || brought > definite.Index)) yield return $"nobody has brought in \"the {thing.Noun}\"";
        }
    }
}
