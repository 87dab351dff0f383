using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>
/// What: a thing that is spoken of as "the kite" has been brought in before ("a red kite", "his kite"); it keeps its colour.
/// </summary>
internal static class ThingRules
{
    private static readonly Dictionary<string, string[]> Adjectives = Things.ToyAdjectives.Concat(Things.FoodAdjectives).ToDictionary();

    private static readonly string[] Loose = ["new", "old", "big", "little", "warm"]; // said of any thing, beside its own adjective

    /// <summary>The things that a tale brings in with an article or as somebody's own, in the order of their first mention.</summary>
    public static IReadOnlyList<string> Introduced(TaleReading reading) =>
        [.. Adjectives.Keys.Select(noun => (noun, At: FirstMention(reading.Text, noun))).Where(pair => pair.At >= 0).OrderBy(pair => pair.At).Select(pair => pair.noun)];

    public static IEnumerable<string> Problems(TaleReading reading)
    {
        foreach ((string noun, string[] adjectives) in Adjectives)
        {
            string own = string.Join('|', adjectives.Except(Loose));
            if (own.Length > 0)
            {
                string[] used = [.. Regex.Matches(reading.Text, $@"\b({own}) {noun}\b").Select(match => match.Groups[1].Value).Distinct()];
                if (used.Length > 1) yield return $"the {noun} is {string.Join(" and ", used)}";
            }
            Match definite = Regex.Match(reading.Narration, $@"\b[Tt]he {noun}\b(?! (rang|and feel|away))");
            if (!definite.Success) continue;
            int brought = FirstMention(reading.Text, noun);
            if (brought < 0 || brought > definite.Index) yield return $"nobody has brought in \"the {noun}\"";
        }
    }

    private static int FirstMention(string text, string noun)
    {
        Match match = Regex.Match(text, $@"\b(?:[Aa]n?|[Hh]is|[Hh]er|[Yy]our|[Mm]y|'s) (?:[a-z]+ ){{0,2}}{noun}\b|\bthe [a-z]+ {noun}\b");
        return match.Success ? match.Index : -1;
    }
}
