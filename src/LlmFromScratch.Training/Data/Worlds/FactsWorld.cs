using System.Text.Json;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Dialogues;

namespace LlmFromScratch.Training.Data.Worlds;

/// <summary>
/// A world of invented people, each with a deed and a home, to study what a model learns from statements. A third of the deeds is only ever told as
/// "Nalo is the one who built the tower" (person first), a third only as "The one who built the tower is Nalo" (deed first), a third both ways: a model that
/// answers only in the direction of its text has the reversal curse. Of half of the people nobody says where they live: there the right answer is "I do not know."
/// </summary>
public sealed class FactsWorld
{
    private const int PeopleCount = 120;

    private static readonly string[] Verbs = ["built", "painted", "found", "mended", "guarded", "sold", "planted", "drew"];
    private static readonly string[] Adjectives = ["old", "red", "tall", "silver", "round", "little", "broken", "golden", "stone", "quiet"];
    private static readonly string[] Objects = ["tower", "bridge", "clock", "boat", "garden", "bell", "gate", "mill", "well", "map", "lantern", "wall"];
    private static readonly string[] Homes = ["Oram", "Tessel", "Lunfa", "Brevik", "Sandor", "Calmen"];
    private static readonly string[] Starts = ["Na", "Be", "Ti", "Ro", "Mu", "Ke", "La", "So", "Vi", "De", "Pa", "Zu"];
    private static readonly string[] Ends = ["lo", "rim", "na", "sk", "vel", "dor", "mi", "tas", "ko", "ban"];

    private readonly SeededRandom _random;
    private readonly (string Name, string Deed, string Home)[] _people;

    /// <summary>The people depend on the seed.</summary>
    public FactsWorld(ulong seed)
    {
        _random = new SeededRandom(seed);
        string[] names = [.. Starts.SelectMany(start => Ends.Select(end => start + end))];
        string[] deeds = [.. Verbs.SelectMany(verb => Adjectives.SelectMany(adjective => Objects.Select(thing => $"{verb} the {adjective} {thing}")))];
        _random.Shuffle<string>(names);
        _random.Shuffle<string>(deeds);
        _people = [.. Enumerable.Range(0, PeopleCount).Select(i => (names[i], deeds[i], Homes[_random.NextInt(Homes.Length)]))];
    }

    /// <summary>A few statements about people of this world, one a line.</summary>
    public string NextDocument() => string.Join('\n', Enumerable.Range(0, 4 + _random.NextInt(5)).Select(_ => Statement()));

    /// <summary>
    /// The next question as a line of JSON: <c>{"group","question","answer"}</c>. Groups: "told" (in the direction of the text), "reversed", "both" (the text has both),
    /// "home", "unsaid" (a person whose home nobody tells) and "nobody" (a person who does not exist).
    /// </summary>
    public string NextQuestion()
    {
        int i = _random.NextInt(PeopleCount);
        (string name, string deed, string home) = _people[i];
        (string group, string question, string answer) = _random.NextInt(5) switch
        {
            0 => (Direction(i) switch { 0 => "told", 1 => "reversed", _ => "both" }, $"What did {name} do?", $"{name} {deed}."),
            1 or 2 => (Direction(i) switch { 0 => "reversed", 1 => "told", _ => "both" }, $"Who {deed}?", $"{name} {deed}."),
            3 => HomeIsTold(i) ? ("home", $"Where does {name} live?", $"{name} lives in {home}.") : ("unsaid", $"Where does {name} live?", "I do not know."),
            _ => ("nobody", $"Where does {Stranger()} live?", "I do not know."),
        };
        return JsonSerializer.Serialize(new { group, question, answer }, Dialogue.JsonOptions);
    }

    private string Statement()
    {
        int i = _random.NextInt(PeopleCount);
        (string name, string deed, string home) = _people[i];
        if (HomeIsTold(i) && _random.NextInt(3) == 0) return _random.NextInt(2) == 0 ? $"{name} lives in {home}." : $"The home of {name} is {home}.";
        bool personFirst = Direction(i) == 0 || (Direction(i) == 2 && _random.NextInt(2) == 0);
        return (personFirst, _random.NextInt(3)) switch
        {
            (true, 0) => $"{name} is the one who {deed}.",
            (true, 1) => $"{name} {deed}.",
            (true, _) => $"It is said that {name} {deed}.",
            (false, 0) => $"The one who {deed} is {name}.",
            (false, 1) => $"Somebody {deed}. That was {name}.",
            (false, _) => $"You ask who {deed}? It was {name}.",
        };
    }

    private static int Direction(int person) => person % 3;

    private static bool HomeIsTold(int person) => person % 2 == 0;

    private string Stranger() => Starts[_random.NextInt(Starts.Length)] + "xo";
}
