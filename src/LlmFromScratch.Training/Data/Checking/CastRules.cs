using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>
/// Who is who: at most a hero and a friend, of different pronouns, both children or both animals; each is one kind of animal from beginning to end; "she"
/// and "he" mean somebody who has been named; there is one elder and one neighbour.
/// </summary>
internal static partial class CastRules
{
    private static readonly HashSet<string> Capitals = // words that may have a capital inside a sentence
        ["I", "Mum", "Dad", "Grandma", "Grandpa", "Old", "Owl", "Tortoise", "Goat", "Sunday", "Friday"];

    private static readonly string Kind = $"(?:[a-z]+ ){{0,2}}?(?<kind>{string.Join('|', [.. Casting.Kinds, .. Casting.MoreKinds, .. Casting.GirlKinds.Concat(Casting.BoyKinds).Reverse()])})";

    private const string Name = "(?<name>[A-Z][a-z]+)";

    private static readonly Regex Elder = new($@"\b(?:{string.Join('|', Casting.Family.Select(elder => $"[{char.ToUpperInvariant(elder[0])}{elder[0]}]{elder[1..]}"))})\b");

    /// <summary>The ways in which a tale says what somebody is.</summary>
    private static readonly Regex[] Introductions =
    [
        new($@"\b{Kind} (?:named|called) {Name}"),                                        // a fox named Pip
        new($@"\b{Name},? (?:was )?(?:the|a) {Kind}\b"),                                  // Pip the fox; Pip was a kind fox; Pip, a fox
        new($@"\bmet a {Kind}\? {Name} was one"),                                         // Have you ever met a kind fox? Pip was one
        new($@"\b{Kind} lived [a-z ]+, and (?:his|her) name was {Name}"),                 // A fox lived in a house, and his name was Pip
        new($"""\b{Name}[.?]"?(?: said [A-Z][a-z]+\.)? (?:He|She) was a {Kind}\b"""), // Do you know Pip? He was a fox
    ];

    public static IEnumerable<string> Problems(TaleReading reading) =>
        [.. Names(reading), .. KindsOf(reading), .. Pronouns(reading), .. Others(reading)];

    private static IEnumerable<string> Names(TaleReading reading)
    {
        IReadOnlyList<string> cast = reading.Cast;
        if (cast.Count == 0) yield return "nobody has a name";
        if (cast.Count > 2) yield return $"more than two have a name: {string.Join(", ", cast)}";
        if (cast.Count == 2 && TaleReading.IsChild(cast[0]) != TaleReading.IsChild(cast[1])) yield return $"{cast[0]} and {cast[1]}: a child's name and an animal's";
        if (cast.Count == 2 && TaleReading.Names[cast[0]] == TaleReading.Names[cast[1]]) yield return $"{cast[0]} and {cast[1]} take the same pronoun";
        foreach (Match match in InnerCapital().Matches(reading.Text))
            if (!TaleReading.Names.ContainsKey(match.Value) && !Capitals.Contains(match.Value)) yield return $"{match.Value} is nobody";
    }

    private static IEnumerable<string> KindsOf(TaleReading reading)
    {
        Dictionary<string, string> kindOf = [];
        foreach (Match match in Introductions.SelectMany(introduction => introduction.Matches(reading.Text)))
        {
            string name = match.Groups["name"].Value, kind = match.Groups["kind"].Value;
            if (!TaleReading.Names.TryGetValue(name, out bool she)) continue;
            if (!kindOf.TryAdd(name, kind) && kindOf[name] != kind) yield return $"{name} is a {kindOf[name]} and a {kind}";
            if (TaleReading.IsChild(name) ? !(she ? Casting.GirlKinds : Casting.BoyKinds).Contains(kind) : IsOfChildren(kind)) yield return $"{name} cannot be a {kind}";
        }
        if (reading.Cast.Count > 0 && !kindOf.ContainsKey(reading.Cast[0])) yield return $"nobody says what {reading.Cast[0]} is";
        if (kindOf.Count == 2 && kindOf.Values.Distinct().Count() == 1 && !IsOfChildren(kindOf.Values.First()))
            yield return $"both are a {kindOf.Values.First()}";
    }

    private static bool IsOfChildren(string kind) => Casting.GirlKinds.Contains(kind) || Casting.BoyKinds.Contains(kind);

    private static IEnumerable<string> Pronouns(TaleReading reading)
    {
        foreach ((string pattern, bool she) in ((string, bool)[])[(@"\b([Ss]he|[Hh]ers?|herself)\b", true), (@"\b([Hh]e|[Hh]im|[Hh]is|himself)\b", false)])
        {
            if (Regex.Matches(reading.Narration, pattern).FirstOrDefault(m => !reading.Narration[m.Index..].StartsWith("her wing", StringComparison.Ordinal)) is not Match match) continue;
            int end = reading.Text.IndexOfAny(['.', '!', '?'], match.Index);
            string before = end < 0 ? reading.Text : reading.Text[..end];
            if (!reading.Cast.Any(name => TaleReading.Names[name] == she && before.Contains(name))) yield return $"\"{match.Value}\" means nobody";
        }
        foreach (Match match in FriendOf().Matches(reading.Narration))
            if (TaleReading.Names.TryGetValue(match.Groups["name"].Value, out bool she) && she == match.Groups["whose"].Value is "her" or "Her")
                yield return $"\"{match.Value}\": the friend takes the hero's pronoun";
        foreach (Match match in SaidAnd().Matches(reading.Narration))
            if (TaleReading.Names.TryGetValue(match.Groups["name"].Value, out bool she) && she != (match.Groups["who"].Value == "she"))
                yield return $"\"{match.Value}\": not {match.Groups["name"].Value}'s pronoun";
        if (reading.Cast.Count == 0) yield break;
        foreach (Match match in RelativeOf().Matches(reading.Narration))
            if (TaleReading.Names[reading.Cast[0]] != match.Groups["whose"].Value is "her" or "Her") yield return $"\"{match.Value}\" is not {reading.Cast[0]}'s";
    }

    private static IEnumerable<string> Others(TaleReading reading)
    {
        string[] elders = [.. Elder.Matches(reading.Text).Select(match => match.Value.ToLowerInvariant()).Distinct()];
        if (elders.Length > 1) yield return $"more than one at home: {string.Join(", ", elders)}";
        string[] wise = [.. Casting.Neighbours.Concat(Casting.WiseAnimals).Where(one => reading.Text.Contains(one, StringComparison.OrdinalIgnoreCase))];
        if (wise.Length > 1) yield return $"more than one neighbour: {string.Join(", ", wise)}";
    }

    [GeneratedRegex("(?<=[a-z,;] )[A-Z][a-z]*")]
    private static partial Regex InnerCapital();

    [GeneratedRegex(@"\b(?<whose>[Hh]is|[Hh]er) (?:best )?friend (?<name>[A-Z][a-z]+)")]
    private static partial Regex FriendOf();

    [GeneratedRegex(@"\b(?:said|cried|called|shouted|laughed|asked|thought) (?<name>[A-Z][a-z]+), and (?<who>s?he)\b")]
    private static partial Regex SaidAnd();

    [GeneratedRegex(@"\b(?<whose>[Hh]is|[Hh]er) (?:mum|dad|grandma|grandpa)\b")]
    private static partial Regex RelativeOf();
}
