using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public partial class WorldCheckerTests
{
    private static readonly TinyTale[] Tales = [.. Enum.GetValues<TaleSplit>().SelectMany(split => Tell(split, 60))];

    private const string Kite = """
        Once upon a time, there was a little girl named Lily who lived in a little town. Lily had a red kite and took it everywhere.
        One day, Lily and her friend Tom went to play in the park. At home, Lily wanted to show the kite to Mum. But it was gone! "Oh no! I have lost my kite!" she cried.
        They went back to the park and looked behind a big tree. There was nothing there. The kite was under a bench!
        Tom gave the kite to Lily, and she jumped for joy. "Thank you!" she said.
        """;

    [Fact]
    public void Check_TrueTales_OfEverySplit_AreAllConsistent() =>
        Assert.All(Tales, tale => Assert.True(WorldChecker.Check(tale.Text).IsConsistent, $"{string.Join("; ", WorldChecker.Check(tale.Text).Problems)}\n{tale.Text}"));

    [Fact]
    public void Check_TaleByHand_ReadsWhatHappenedToTheKite()
    {
        WorldReport report = WorldChecker.Check(Kite);
        Assert.Empty(report.Problems);
        Assert.Equal([new("lose", "kite"), new("find", "kite"), new("give", "kite", "Tom", "Lily")], report.Events);
    }

    [Theory]
    [InlineData("she said.", "she said", WorldRules.Form)]
    [InlineData("her friend Tom", "his friend Tom", WorldRules.Cast)]
    [InlineData("to the park and", "to the harbour and", WorldRules.Places)]
    [InlineData("Tom gave the kite", "Tom gave the drum", WorldRules.Things)]
    [InlineData("Tom gave the kite to Lily", "Tom gave the kite to Tom", WorldRules.Holders)]
    public void Check_Problem_IsReportedByItsOwnRules(string old, string changed, WorldRules rules)
    {
        string tale = Kite.Replace(old, changed);
        Assert.NotEmpty(WorldChecker.Check(tale, rules).Problems);
        Assert.Empty(WorldChecker.Check(tale, WorldRules.Places & ~rules).Problems);
        Assert.Equal(WorldChecker.Check(tale).Problems.Count, WorldChecker.Check(tale, rules).Problems.Count + WorldChecker.Check(tale, WorldRules.All & ~rules).Problems.Count);
    }

    [Theory]
    [InlineData("Tom gave the kite to Lily", "Tom gave the kite to Tom", "Tom gives the kite to Tom")]
    [InlineData("\"Thank you!\" she said.", "Tom gave the kite to Mum.", "Tom gives away the kite, but Lily holds it")]
    [InlineData("Tom gave the kite to Lily", "Ben gave the kite to Lily", "more than two have a name: Lily, Tom, Ben")]
    [InlineData("Tom gave the kite", "Tom gave the drum", "nobody has brought in \"the drum\"")]
    [InlineData("Tom gave the kite", "Tom gave the blue kite", "the kite is red and blue")]
    [InlineData("her friend Tom", "his friend Tom", "\"his friend Tom\": the friend takes the hero's pronoun")]
    [InlineData("Tom", "Pip", "a child's name and an animal's")]
    [InlineData("little girl named", "little fox named", "Lily cannot be a fox")]
    [InlineData("little girl named", "little boy named", "Lily cannot be a boy")]
    [InlineData("to the park and", "to the harbour and", "not of one setting: in a little town, harbour, park")]
    [InlineData("under a bench", "among the reeds", "no place of the tale has anything among the reeds")]
    [InlineData("\"Thank you!\" she said.", "\"Thank you!\" said Dad.", "more than one at home: mum, dad")]
    [InlineData("\"Thank you!\" she said.", "Again, the kite was under a bench!", "the kite is found twice")]
    [InlineData("\"Thank you!\" she said.", "Then the kite broke. Then the kite broke.", "the kite breaks twice")]
    [InlineData("\"Thank you!\" she said.", "Then they mended the kite.", "the kite is mended, but it was not broken")]
    [InlineData("\"Thank you!\" she said.", "\"Thank you! she said.", "speech stays open")]
    [InlineData("\"Thank you!\" she said.", "\"Thank you,\" she", "the last sentence does not end")]
    [InlineData("Lily wanted to show", "Lily and Xolo wanted to show", "Xolo is nobody")]
    public void Check_OneThingChanged_IsNamed(string from, string to, string problem)
    {
        Assert.Contains(from, Kite);
        Assert.Contains(WorldChecker.Check(Kite.Replace(from, to)).Problems, found => found.Contains(problem));
    }

    [Fact]
    public void Check_TaleCutBeforeTheFinding_StaysLost() =>
        Assert.Contains("the kite stays lost", WorldChecker.Check(Kite[..Kite.IndexOf("They went back", StringComparison.Ordinal)]).Problems);

    [Fact]
    public void Check_NoTale_IsNotConsistent() => Assert.False(WorldChecker.Check("").IsConsistent);

    [Fact]
    public void Check_LostThings_AreReadAsTheWorldHadThem() => Assert.All(Tales.Where(tale => tale.Plot == "LostThing"), tale =>
    {
        IReadOnlyList<ThingEvent> events = WorldChecker.Check(tale.Text).Events;
        Assert.All(events, e => Assert.Contains(e.Thing, tale.World.Things));
        Assert.All(events.Where(e => e.Action == "give"), e => Assert.Equal((tale.World.Friend, tale.World.Hero), (e.Who, e.Receiver)));
        Assert.Single(events, e => e.Action == "find");
    });

    /// <summary>Each way of spoiling a tale gives null where the tale has nothing to spoil in this way; where it has, the checker must see it.</summary>
    public static TheoryData<string, int> Corruptions => new()
    {
        { "name", 120 }, { "thing", 40 }, { "elder", 10 }, { "place", 80 }, { "spot", 5 }, { "kind", 100 }, { "friend's pronoun", 80 }, { "giver", 5 }, { "end", 240 }, { "quote", 200 },
    };

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void Check_CorruptedTale_IsCaught(string way, int atLeast)
    {
        string[] corrupted = [.. Tales.Select(tale => Corrupt(way, tale)).OfType<string>()];
        Assert.True(corrupted.Length >= atLeast, $"only {corrupted.Length} tales can be corrupted by their {way}");
        Assert.All(corrupted, text => Assert.False(WorldChecker.Check(text).IsConsistent, text));
    }

    private static string? Corrupt(string way, TinyTale tale)
    {
        string text = tale.Text;
        int half = text.IndexOf(' ', text.Length / 2);
        (string first, string second) = (text[..half], text[half..]);
        string hero = tale.World.Hero;
        switch (way)
        {
            case "name": // the hero has another name in the second half
                string other = new[] { "Lily", "Mia", "Tom", "Ben", "Dot", "Poppy", "Pip", "Toby" }.First(name =>
                    name != hero && name != tale.World.Friend && TaleReading.Names[name] == TaleReading.Names[hero] && TaleReading.IsChild(name) == TaleReading.IsChild(hero));
                return second.Contains(hero) ? first + second.Replace(hero, other) : null;
            case "thing": // the thing becomes another one
                string? thing = tale.World.Things.FirstOrDefault(noun => new TaleReading(text).Narration[half..].Contains($"the {noun} "));
                string stranger = thing == "flute" ? "drum" : "flute";
                return thing is null || text.Contains(stranger) ? null : first + second.Replace($"the {thing} ", $"the {stranger} ");
            case "elder": // mum becomes grandpa
                return Regex.IsMatch(first, @"\b[Mm]um\b") && second.Contains("Mum") ? first + second.Replace("Mum", "Grandpa") : null;
            case "place": // one more place, of another setting
                return !text.Contains($" the {tale.World.Place}") || tale.World.Place is "harbour" or "beach" or "garden" ? null : $"{text} Then they all went to the harbour.";
            case "spot": // found where only a harbour has such a spot
                const string spots = "under a bench|behind a big tree|in the long grass|among the reeds|behind a grey stone|among the ferns|under a fallen log|behind the shed";
                return tale.World.Place != "harbour" && Regex.IsMatch(text, spots) ? Regex.Replace(text, spots, "behind a barrel") : null;
            case "kind": // a girl becomes a boy, a boy a fox
                return tale.World.HeroKind switch
                {
                    "girl" => Regex.Replace(text, @"\bgirl\b", "boy"),
                    "boy" => Regex.Replace(text, @"\bboy\b", "fox"),
                    _ => null,
                };
            case "friend's pronoun":
                return Regex.IsMatch(new TaleReading(text).Narration, $@"\b([Hh]is|[Hh]er) friend {tale.World.Friend}\b")
                    ? Regex.Replace(text, $@"\b([Hh]is|[Hh]er) friend {tale.World.Friend}\b", match => (match.Value[1..3] == "is" ? "her" : "his") + $" friend {tale.World.Friend}") : null;
            case "giver": // who gives a thing to somebody gives it to himself
                Match gives = GivesByName().Match(text);
                return gives.Success && TaleReading.Names.ContainsKey(gives.Groups[1].Value)
                    ? text.Replace(gives.Value, $"{gives.Groups[1].Value} gave the {gives.Groups[2].Value} to {gives.Groups[1].Value}") : null;
            case "end":
                return text[..(text.Length - 8)].TrimEnd('.', '!', '?', '"', ' ');
            default: // a quotation mark is lost
                int quote = text.LastIndexOf('"');
                return quote < 0 ? null : text.Remove(quote, 1);
        }
    }

    private static IEnumerable<TinyTale> Tell(TaleSplit split, int count)
    {
        TinyTalesGenerator generator = new(31, split);
        return Enumerable.Range(0, count).Select(_ => generator.NextTale());
    }

    [GeneratedRegex("([A-Z][a-z]+) gave the ([a-z]+) to ([A-Z][a-z]+)\\b(?! [A-Z])")]
    private static partial Regex GivesByName();
}
