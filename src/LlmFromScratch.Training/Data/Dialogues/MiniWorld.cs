using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>
/// A world of a few sentences: who has what, who is where, and perhaps somebody gives something away or walks off. Its questions are about the
/// world as it is at the end, and each has one right answer.
/// </summary>
internal sealed class MiniWorld
{
    private static readonly string[] Names =
        ["Lily", "Mia", "Anna", "Rosa", "Emma", "Lucy", "Nora", "Ella", "Sara", "Zoe", "Clara", "Molly", "Tom", "Ben", "Max", "Sam", "Leo", "Tim", "Finn", "Jack",
            "Noah", "Oscar", "Peter", "Adam", "Ida", "Greta", "June", "Nina", "Paul", "Otto", "Felix", "Emil", "Pip", "Dot", "Hazel", "Bruno", "Milo", "Poppy"];

    private static readonly string[] Colours = ["red", "blue", "green", "yellow", "white", "brown", "pink", "golden"];

    private static readonly string[] Things =
        ["kite", "ball", "drum", "bell", "hat", "scarf", "book", "boat", "lantern", "flute", "basket", "shell", "whistle", "puppet", "marble", "ribbon", "cart", "cup", "vase"];

    private static readonly string[] Places =
        ["in the garden", "by the pond", "in the meadow", "by the stream", "on the beach", "in the park", "at the market", "in the orchard", "on the hill", "in the house",
            "under the old oak tree", "at the harbour"];

    private const int PercentAbsent = 7; // of free questions, that ask for what is not there

    private readonly SeededRandom _random;
    private readonly bool _isFree;
    private readonly string[] _people;
    private readonly Dictionary<string, (string Colour, string Holder)> _things = [];
    private readonly HashSet<string> _given = []; // things that changed hands
    private readonly Dictionary<string, string> _places = [];
    private readonly List<string> _sentences = [];
    private readonly Portraits? _portraits;

    /// <param name="random">Draws.</param>
    /// <param name="isFree">Whether half of the worlds tell what their people are, too, and questions come in many words.</param>
    public MiniWorld(SeededRandom random, bool isFree = false)
    {
        _isFree = isFree;
        _random = random;
        _people = Draw(Names, 2 + random.NextInt(3));
        string[] things = Draw(Things, _people.Length), colours = Draw(Colours, _people.Length), places = Draw(Places, _people.Length);
        bool withPlaces = random.NextInt(100) < 60;
        for (int i = 0; i < _people.Length; i++)
        {
            _things[things[i]] = (colours[i], _people[i]);
            _sentences.Add($"{_people[i]} has a {colours[i]} {things[i]}.");
            if (!withPlaces || random.NextInt(100) >= 70) continue;
            _places[_people[i]] = places[i];
            _sentences.Add($"{_people[i]} is {places[i]}.");
        }
        if (isFree && random.NextInt(2) == 0)
        {
            _portraits = new Portraits(random, _people);
            _sentences.AddRange(_portraits.Sentences);
        }
        random.Shuffle<string>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sentences));
        for (int changes = random.NextInt(3); changes > 0; changes--) Change();
    }

    /// <summary>The world in words.</summary>
    public string Text => string.Join(' ', _sentences);

    /// <summary>
    /// The world as it is now in other words and another order, two sentences about each thing: "The book is red." and "The red book is with Molly." Each must be looked
    /// up in the text, forwards or backwards.
    /// </summary>
    public string Retell()
    {
        List<string> sentences = [];
        foreach ((string thing, (string colour, string holder)) in _things)
        {
            string[] ways = [$"{holder} has {Named(thing)}.", $"The {thing} is {colour}.", $"The {thing} is with {holder}.", $"The {colour} {thing} is with {holder}."];
            sentences.AddRange(Draw(ways, 2));
        }
        if (_portraits is not null) sentences.AddRange(_portraits.Retell());
        foreach ((string person, string place) in _places)
            sentences.Add(_random.NextInt(2) == 0 ? $"{person} is {place}." : $"{Capital(place)} is {person}.");
        foreach (string person in _people.Where(person => _things.Values.All(thing => thing.Holder != person))) sentences.Add($"{person} has nothing.");
        return string.Join(' ', Draw([.. sentences], sentences.Count));
    }

    /// <summary>A question about the world as it is now.</summary>
    public TaleQuestion Question()
    {
        if (_isFree && _random.NextInt(100) < PercentAbsent) return Absent();
        TaleQuestion question = _portraits is not null && _random.NextInt(2) == 0 ? _portraits.Question() : AboutThings();
        return _isFree ? question with { Question = FreeWording.Of(question.Question, _random, _people) } : question;
    }

    private TaleQuestion Absent() => _random.NextInt(2) == 0
        ? ListenerQuestions.Absent($"Who has the {ListenerQuestions.Word}?|What colour is the {ListenerQuestions.Word}?", Draw([.. Things.Except(_things.Keys)], 1)[0], _random)
        : ListenerQuestions.Absent($"Where is {ListenerQuestions.Word}?|What does {ListenerQuestions.Word} have?|Who is {ListenerQuestions.Word}?", Draw([.. Names.Except(_people)], 1)[0], _random);

    private TaleQuestion AboutThings()
    {
        string thing = Pick([.. _things.Keys]);
        (string colour, string holder) = _things[thing];
        string person = Pick(_people);
        string[] has = [.. _things.Where(pair => pair.Value.Holder == person).Select(pair => pair.Key)];
        string? place = _places.GetValueOrDefault(person);
        return _random.NextInt(6) switch
        {
            0 => new("who", $"Who has the {thing}?", $"The {thing} is with {holder}.", holder),
            1 when place is not null && _places.Values.Count(p => p == place) == 1 => new("who", $"Who is {place}?", $"{Capital(place)} is {person}.", person),
            2 when place is not null => new("where", $"Where is {person}?", $"{person} is {place}.", place),
            2 => new("unknown", $"Where is {person}?", "The story does not say.", "does not say"),
            3 or 4 when has.Length == 1 => new("what", $"What does {person} have?", $"{person} has {Named(has[0])}.", has[0]),
            3 or 4 when has.Length == 0 => new("what", $"What does {person} have?", $"{person} has nothing.", "nothing"),
            5 => new("what", $"What colour is the {thing}?", $"The {thing} is {colour}.", colour),
            _ => new("who", $"Who has the {colour} {thing}?", $"The {colour} {thing} is with {holder}.", holder),
        };
    }

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    // As the world's own sentence has it, where one tells of it.
    private string Named(string thing) => _given.Contains(thing) ? $"the {thing}" : $"a {_things[thing].Colour} {thing}";

    private void Change()
    {
        string thing = Pick([.. _things.Keys]);
        (string colour, string holder) = _things[thing];
        string other = Pick(_people);
        if (other != holder)
        {
            _things[thing] = (colour, other);
            _given.Add(thing);
            _sentences.Add(_random.NextInt(2) == 0 ? $"{holder} gives the {thing} to {other}." : $"Then {holder} gives {other} the {thing}.");
        }
        else if (_places.Count > 0)
        {
            string place = Pick(Places);
            if (_places.GetValueOrDefault(other) == place) return;
            _places[other] = place;
            _sentences.Add($"Now {other} is {place}.");
        }
    }

    private string Pick(string[] items) => items[_random.NextInt(items.Length)];

    private string[] Draw(string[] items, int count)
    {
        string[] shuffled = [.. items];
        _random.Shuffle<string>(shuffled);
        return shuffled[..count];
    }
}
