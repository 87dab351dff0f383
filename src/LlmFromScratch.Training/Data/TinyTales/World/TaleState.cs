namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>How far the day has gone; within one day it only goes forward.</summary>
internal enum TimeOfDay { Morning, Afternoon, Evening, Night }

/// <summary>What the sky does.</summary>
internal enum Weather { Fair, Rain }

/// <summary>
/// What is true at this moment of a tale: who is where, who holds what, what lies where, what is broken, who knows what, which
/// problems are open. A plot changes it only through these actions; each one throws <see cref="InvalidOperationException"/> when
/// the world does not allow it (nobody gives away what he does not hold), so an illogical tale cannot be told.
/// </summary>
internal sealed class TaleState
{
    private readonly Dictionary<Character, Place> _whereabouts = [];
    private readonly Dictionary<Thing, Character> _holders = [];
    private readonly Dictionary<Thing, Character> _owners = [];
    private readonly Dictionary<Thing, (Place Place, Noun Spot)> _lying = [];
    private readonly HashSet<Thing> _broken = [];
    private readonly HashSet<(Character, string)> _knowledge = [];
    private readonly HashSet<(Character, string)> _problems = [];

    /// <summary>The hour of the tale's current day.</summary>
    public TimeOfDay Time { get; private set; }

    /// <summary>The weather now.</summary>
    public Weather Weather { get; private set; }

    /// <summary>Whether <paramref name="thing"/> cannot be used now.</summary>
    public bool IsBroken(Thing thing) => _broken.Contains(thing);

    /// <summary>Who holds <paramref name="thing"/>; null when it lies somewhere or is eaten.</summary>
    public Character? HolderOf(Thing thing) => _holders.GetValueOrDefault(thing);

    /// <summary>Moves (or first puts) somebody to a place.</summary>
    public void Go(Character who, Place to) => _whereabouts[who] = to;

    /// <summary>The hour moves on; going back needs <see cref="NextDay"/>.</summary>
    public void Advance(TimeOfDay to)
    {
        Require(to >= Time, "Advance", $"a time not before {Time}", to.ToString());
        Time = to;
    }

    /// <summary>A new morning.</summary>
    public void NextDay() => Time = TimeOfDay.Morning;

    /// <summary>It starts to rain.</summary>
    public void StartRain()
    {
        Require(Weather == Weather.Fair, "StartRain", "fair weather", "rain already");
        Weather = Weather.Rain;
    }

    /// <summary>It stops raining.</summary>
    public void StopRain()
    {
        Require(Weather == Weather.Rain, "StopRain", "rain", "fair weather");
        Weather = Weather.Fair;
    }

    /// <summary>A new thing comes into the tale, in the hands of its owner.</summary>
    public void Own(Character owner, Thing thing)
    {
        Require(!_owners.ContainsKey(thing), "Own", $"{thing.Noun} without an owner", "an owner");
        _owners[thing] = owner;
        _holders[thing] = owner;
    }

    /// <summary>The thing changes hands and owner; both must be at one place.</summary>
    public void Give(Character giver, Character receiver, Thing thing)
    {
        RequireHolds("Give", giver, thing);
        Require(_owners.GetValueOrDefault(thing) == giver, "Give", $"{giver.Name} to own the {thing.Noun}", "somebody else's");
        RequireTogether("Give", giver, receiver);
        _holders[thing] = _owners[thing] = receiver;
    }

    /// <summary>The thing changes hands but not its owner: lending, handing over, and bringing back.</summary>
    public void Hand(Character giver, Character receiver, Thing thing)
    {
        RequireHolds("Hand", giver, thing);
        RequireTogether("Hand", giver, receiver);
        _holders[thing] = receiver;
    }

    /// <summary>The thing now lies at a spot of the place where its holder is.</summary>
    public void Lose(Character loser, Thing thing, Noun spot)
    {
        RequireHolds("Lose", loser, thing);
        _lying[thing] = (PlaceOf("Lose", loser), spot);
        _holders.Remove(thing);
    }

    /// <summary>A thing that lies somewhere is picked up: only there, and only where it was left.</summary>
    public void Find(Character finder, Thing thing, Noun spot)
    {
        Require(_lying.TryGetValue(thing, out (Place Place, Noun Spot) lies), "Find", $"a lost {thing.Noun}", "one that is not lost");
        Place here = PlaceOf("Find", finder);
        Require(lies == (here, spot), "Find", $"{thing.Noun} {lies.Spot?.Form("")} in {lies.Place?.Name}", $"{spot.Form("")} in {here.Name}");
        _lying.Remove(thing);
        _holders[thing] = finder;
    }

    /// <summary>Somebody eats what he holds; it is gone.</summary>
    public void Eat(Character eater, Thing food)
    {
        RequireHolds("Eat", eater, food);
        _holders.Remove(food);
    }

    /// <summary>Who holds the thing uses it; a broken thing is of no use.</summary>
    public void Use(Character user, Thing thing)
    {
        RequireHolds("Use", user, thing);
        Require(!IsBroken(thing), "Use", $"a whole {thing.Noun}", "a broken one");
    }

    /// <summary>The thing breaks.</summary>
    public void Break(Thing thing) => Require(_owners.ContainsKey(thing) && _broken.Add(thing), "Break", $"a whole {thing.Noun}", "none");

    /// <summary>The thing is whole again; only who holds it can mend it.</summary>
    public void Mend(Character mender, Thing thing)
    {
        RequireHolds("Mend", mender, thing);
        Require(_broken.Remove(thing), "Mend", $"a broken {thing.Noun}", "a whole one");
    }

    /// <summary>Somebody comes to know a fact by seeing it.</summary>
    public void Learn(Character who, string fact) => _knowledge.Add((who, fact));

    /// <summary>Somebody tells a fact that he knows to one who is with him.</summary>
    public void Tell(Character teller, Character listener, string fact)
    {
        Require(_knowledge.Contains((teller, fact)), "Tell", $"{teller.Name} to know \"{fact}\"", "he does not");
        RequireTogether("Tell", teller, listener);
        _knowledge.Add((listener, fact));
    }

    /// <summary>A problem of somebody's that the ending has to answer.</summary>
    public void Trouble(Character who, string problem) => _problems.Add((who, problem));

    /// <summary>An open problem is answered.</summary>
    public void Solve(Character who, string problem) =>
        Require(_problems.Remove((who, problem)), "Solve", $"{who.Name} to have the problem \"{problem}\"", "no such problem");

    /// <summary>The end of the tale: the rain is over, nothing lies lost, and every problem is answered.</summary>
    public void End()
    {
        Require(_problems.Count == 0, "End", "no open problem", string.Join(", ", _problems));
        Require(_lying.Count == 0, "End", "nothing lost", string.Join(", ", _lying.Keys.Select(t => t.Noun)));
        Require(Weather == Weather.Fair, "End", "fair weather", "rain");
    }

    private Place PlaceOf(string action, Character who) =>
        _whereabouts.GetValueOrDefault(who) ?? throw Refused(action, $"{who.Name} to be somewhere", "nowhere; did the plot forget Go?");

    private void RequireHolds(string action, Character who, Thing thing) => Require(
        HolderOf(thing) == who, action, $"{who.Name} to hold the {thing.Noun}",
        HolderOf(thing) is { } other ? $"{other.Name} holds it" : "nobody holds it");

    private void RequireTogether(string action, Character one, Character other) => Require(
        PlaceOf(action, one) == PlaceOf(action, other), action, $"{one.Name} and {other.Name} at one place",
        $"{PlaceOf(action, one).Name} and {PlaceOf(action, other).Name}");

    private static void Require(bool holds, string action, string expected, string got)
    {
        if (!holds) throw Refused(action, expected, got);
    }

    private static InvalidOperationException Refused(string action, string expected, string got) =>
        new($"Tale: {action}: expected {expected}; got {got}.");
}
