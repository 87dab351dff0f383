using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>The forms in which a tale speaks of one thing.</summary>
internal sealed class ThingPatterns
{
    private const string Person =
        "(?<who>[A-Z][a-z]+(?: [A-Z][a-z]+)?|[Tt]he (?:baker|old gardener|teacher|miller|wise old frog)|[Ss]?[Hh]e|(?:[Hh]is|[Hh]er) (?:mum|dad|grandma|grandpa))";

    private const string Receiver = "(?<to>[A-Z][a-z]+(?: [A-Z][a-z]+)?|the (?:baker|old gardener|teacher|miller|wise old frog)|him|her(?= ))";

    private static readonly string[] Loose = ["new", "old", "big", "little", "warm"]; // said of any thing, beside its own adjective

    private ThingPatterns(string noun, IEnumerable<string> adjectives)
    {
        Noun = noun;
        string thing = $"(?:the|an?|his|her|my|your)(?: [a-z]+)? {noun}";
        string own = string.Join('|', adjectives.Except(Loose));
        Coloured = own == "" ? null : new Regex($@"\b({own}) {noun}\b");
        Definite = new Regex($@"\b[Tt]he {noun}\b(?! (rang|and feel|away))");
        BroughtIn = new Regex($@"\b(?:[Aa]n?|[Hh]is|[Hh]er|[Yy]our|[Mm]y|'s) (?:[a-z]+ ){{0,2}}{noun}\b|\bthe [a-z]+ {noun}\b");
        Had = new Regex($@"{Person} had (?:a|an|only an?) (?:[a-z]+ )?{noun}\b");
        Given =
        [
            new Regex($@"{Person} gave (?:back )?{thing} to {Receiver}\b"),
            new Regex($@"{Person} gave {Receiver} (?:half of )?{thing}\b"),
            new Regex($@"{Person} put the {noun} into (?<to>his|her) arms"),
        ];
        Lost = new Regex($@"\bI have lost my {noun}|\bthe {noun} was gone|\bthe {noun} was not there|\bWhere is my {noun}");
        Found = new Regex($@"\b[Tt]he {noun} was (?:under|behind|among|beside|in|between) [a-z ]+!|there,? (?:[a-z ]+, )?(?:was|lay) the {noun}");
        Broke = new Regex($@"\bthe {noun} (?:fell down and )?broke\b|\bThe {noun} (?:was broken|broke)\b");
        Mended = new Regex($@"\bmended the {noun}");
    }

    /// <summary>Those of every toy and food.</summary>
    public static IReadOnlyList<ThingPatterns> All { get; } =
        [.. Things.ToyAdjectives.Concat(Things.FoodAdjectives).Select(pair => new ThingPatterns(pair.Key, pair.Value))];

    /// <summary>"kite".</summary>
    public string Noun { get; }

    /// <summary>"red kite"; null for a thing whose adjectives are said of other things, too.</summary>
    public Regex? Coloured { get; }

    /// <summary>"the kite".</summary>
    public Regex Definite { get; }

    /// <summary>"a red kite", "his kite": whoever hears it for the first time understands it.</summary>
    public Regex BroughtIn { get; }

    /// <summary>"Lily had a kite".</summary>
    public Regex Had { get; }

    /// <summary>"Tom gave the kite to Lily", "he gave her the kite".</summary>
    public IReadOnlyList<Regex> Given { get; }

    /// <summary>"the kite was gone".</summary>
    public Regex Lost { get; }

    /// <summary>"The kite was under a bench!".</summary>
    public Regex Found { get; }

    /// <summary>"the kite broke".</summary>
    public Regex Broke { get; }

    /// <summary>"they mended the kite".</summary>
    public Regex Mended { get; }

    /// <summary>Where the thing is first brought in, or -1.</summary>
    public int FirstMention(string text) => text.Contains(Noun, StringComparison.Ordinal) && BroughtIn.Match(text) is { Success: true } match ? match.Index : -1;
}
