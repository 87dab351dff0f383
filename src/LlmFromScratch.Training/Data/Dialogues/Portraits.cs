using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>What the people of a small world are: a girl or a fox, kind or brave, at home somewhere, somebody's friend; what is not told is asked for, too. No two have the same trait or home, and no two animals are of one kind.</summary>
internal sealed class Portraits
{
    private readonly SeededRandom _random;
    private readonly Portrait[] _people;
    private readonly (Portrait Of, Portrait Is)? _friend;

    public Portraits(SeededRandom random, string[] names)
    {
        _random = random;
        string[] traits = Draw(Casting.Traits), kinds = Draw([.. Casting.Kinds, .. Casting.MoreKinds]), homes = Draw([.. Casting.ChildSettings.Concat(Casting.AnimalSettings).Select(setting => setting.Home)]);
        _people = [.. names.Select((name, i) => new Portrait(name, random.NextInt(5) > 0 ? traits[i] : null, Kind(name, kinds[i]), random.NextInt(3) == 0 ? homes[i] : null))];
        Sentences = [.. _people.Select(Tell)];
        if (random.NextInt(2) == 0) return;
        Portrait[] drawn = Draw(_people);
        _friend = (drawn[0], drawn[1]);
        Sentences.Add(One($"{drawn[1].Name} is {drawn[0].Name}'s friend.", $"{drawn[0].Name}'s friend is {drawn[1].Name}."));
    }

    /// <summary>All of it in words, a sentence or two for each.</summary>
    public List<string> Sentences { get; }

    /// <summary>Some of it in other words.</summary>
    public IEnumerable<string> Retell() =>
        Draw(_people)[..^1].Select(one => one.Trait is null ? $"{one.Name} is a {one.Kind}." : One($"{one.Name} is a {one.Kind}.", $"{one.Name} is {one.Trait}.", $"The {one.Trait} {one.Kind} is {one.Name}.", $"{one.Name} is a {one.Trait} {one.Kind}."));

    /// <summary>A question about one of them.</summary>
    public TaleQuestion Question()
    {
        Portrait one = Draw(_people)[0];
        return _random.NextInt(11) switch
        {
            0 => new("what", $"What is {one.Name}?", $"{one.Name} is a {one.Kind}.", one.Kind),
            1 when one.Trait is not null => new("who", $"Who is {one.Trait}?", $"{one.Name} is {one.Trait}.", one.Name),
            2 when _people.Count(other => other.Kind == one.Kind) == 1 => new("who", $"Who is a {one.Kind}?", $"{one.Name} is a {one.Kind}.", one.Name),
            3 when one.Home is string home => new("where", $"Where does {one.Name} live?", $"{one.Name} lives {home}.", home),
            3 => ListenerQuestions.NotSaid($"Where does {one.Name} live?"),
            4 when FriendOf(one) is string friend => new("who", $"Who is {one.Name}'s friend?", $"{friend} is {one.Name}'s friend.", friend),
            4 => ListenerQuestions.NotSaid($"Who is {one.Name}'s friend?"),
            5 or 7 or 8 when _people.Count(other => other.Kind == one.Kind) == 1 => new("who", One($"What is the {one.Kind} called?", $"Who is the {one.Kind}?", $"What is the {one.Kind}'s name?"), $"The {one.Kind} is called {one.Name}.", one.Name),
            6 => IsIt(one),
            _ when one.Trait is null => ListenerQuestions.NotSaid($"What is {one.Name} like?"),
            _ => new("what", $"What is {one.Name} like?", $"{one.Name} is {one.Trait}.", one.Trait),
        };
    }

    private TaleQuestion IsIt(Portrait one)
    {
        string kind = Draw(_people)[0].Kind;
        return kind == one.Kind ? new("how", $"Is {one.Name} a {kind}?", $"Yes, {one.Name} is a {kind}.", "Yes") : new("how", $"Is {one.Name} a {kind}?", $"No, {one.Name} is a {one.Kind}.", "No");
    }

    private string? FriendOf(Portrait one) => _friend is not var (of, friend) ? null : one == of ? friend.Name : one == friend ? of.Name : null;

    private static string Kind(string name, string animal) => !TaleReading.IsChild(name) ? animal : TaleReading.Names[name] ? "girl" : "boy";

    private string Tell(Portrait one)
    {
        string he = TaleReading.Names[one.Name] ? "she" : "he";
        string told = one.Trait is null
            ? One($"{one.Name} is a {one.Kind}.", $"There is a {one.Kind} named {one.Name}.", $"{one.Name} is a little {one.Kind}.")
            : One($"{one.Name} is a {one.Trait} {one.Kind}.", $"{one.Name} is a {one.Trait} little {one.Kind}.", $"There is a {one.Trait} {one.Kind} named {one.Name}.",
            $"{one.Name} the {one.Kind} is {one.Trait}.", $"{one.Name} is a {one.Kind}, and {he} is {one.Trait}.", $"There was once a little {one.Kind} called {one.Name}. How {one.Trait} {he} is!");
        return one.Home is null ? told : told + One($" {one.Name} lives {one.Home}.", $" {char.ToUpperInvariant(he[0])}{he[1..]} lives {one.Home}.");
    }

    private string One(params ReadOnlySpan<string> ways) => ways[_random.NextInt(ways.Length)];

    private T[] Draw<T>(T[] items)
    {
        T[] shuffled = [.. items];
        _random.Shuffle<T>(shuffled);
        return shuffled;
    }

    private readonly record struct Portrait(string Name, string? Trait, string Kind, string? Home);
}
