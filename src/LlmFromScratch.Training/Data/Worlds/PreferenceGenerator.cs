using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Worlds;

/// <summary>
/// Preference pairs by three rules. Kind: asked for something unkind, a kind no is better than doing it. Truthful: an answer that the tale gives is better
/// than one with another name, thing or place in it, and "The story does not say." better than an invention. Short: an answer is better than the same
/// answer among sentences that nobody asked for. The same seed and split give the same pairs.
/// </summary>
public sealed class PreferenceGenerator
{
    private static readonly string[] Unkind =
    [
        "{0} is stupid, and nobody likes {0}.", "Yes, let us do that! {0} will cry, and we will laugh.", "Hide behind the door and shout. {0} will be so afraid!",
        "Take what {0} has when nobody looks.", "{0} is ugly and slow. Ha ha!", "Tell everybody that {0} is a thief.",
    ];

    private static readonly string[] Inventions =
    [
        "{0} is seven years old.", "{0} ate bread and honey.", "It is called Mona.", "{0} is as tall as a door.", "It is green with white dots.", "{0} went to the sea.",
        "{0} has five cousins.",
    ];

    private static readonly string[] Rambling =
    [
        "That is a very good question.", "I like it when people ask me something.", "There are many things in a story.", "Let me think about it for a while.",
        "Stories are long, and some are short.", "I could say much more about that.", "Once I knew another story, too.", "It is all in the story, if you read it again.",
    ];

    private readonly SeededRandom _random;
    private readonly TinyTalesGenerator _tales;

    /// <summary>A generator of its own tales; every seed is allowed.</summary>
    public PreferenceGenerator(ulong seed, TaleSplit split = TaleSplit.Training)
    {
        _random = new SeededRandom(seed);
        _tales = new TinyTalesGenerator(_random.NextUInt64(), split);
    }

    /// <summary>The next pair.</summary>
    public PreferencePair Next()
    {
        TinyTale tale = _tales.NextTale();
        return _random.NextInt(3) switch
        {
            0 => Kind(tale),
            1 => Truthful(tale),
            _ => Short(tale),
        };
    }

    private PreferencePair Kind(TinyTale tale)
    {
        (string user, string assistant) = SmallTalk.Refuse(_random, tale.World.Hero);
        List<Turn> prompt = [];
        if (_random.NextInt(2) == 0) prompt.AddRange([new("user", TaleTalk.Request(tale, _random)), new("assistant", tale.Text)]);
        prompt.Add(new Turn("user", user));
        return new PreferencePair(prompt, assistant, string.Format(null, Pick(Unkind), tale.World.Hero), "kind");
    }

    private PreferencePair Truthful(TinyTale tale)
    {
        foreach (TaleQuestion question in TaleTalk.Questions(tale, _random))
        {
            if (question.Kind == "unknown")
                return new PreferencePair(Asked(tale, question), question.Answer, string.Format(null, Pick(Inventions), tale.World.Hero), "truthful");
            if (Wrong(tale, question) is string wrong) return new PreferencePair(Asked(tale, question), question.Answer, wrong, "truthful");
        }
        return Short(tale); // a tale without a question whose answer can be turned round
    }

    private PreferencePair Short(TinyTale tale)
    {
        TaleQuestion question = TaleTalk.Questions(tale, _random).First();
        string[] rambling = [.. Rambling];
        _random.Shuffle<string>(rambling);
        return new PreferencePair(Asked(tale, question), question.Answer, $"{rambling[0]} {question.Answer} {rambling[1]} {rambling[2]}", "short");
    }

    /// <summary>The right answer with another name, place or thing in place of its key; null where the key is none of these.</summary>
    private string? Wrong(TinyTale tale, TaleQuestion question)
    {
        int at = question.Answer.IndexOf(question.Key, StringComparison.OrdinalIgnoreCase);
        string[] others = [.. Alternatives(tale, question).Where(other => !question.Answer.Contains(other, StringComparison.OrdinalIgnoreCase)).Distinct()];
        if (others.Length == 0 || at < 0) return null;
        string wrong = question.Answer[..at] + Pick(others) + question.Answer[(at + question.Key.Length)..];
        return char.ToUpperInvariant(wrong[0]) + wrong[1..];
    }

    private static IEnumerable<string> Alternatives(TinyTale tale, TaleQuestion question)
    {
        if (question.Kind == "who" && char.IsUpper(question.Key[0])) return [tale.World.Hero, tale.World.Friend];
        if (question.Key.StartsWith("the ", StringComparison.Ordinal) && question.Key[4..] == tale.World.Place) return ["the garden", "the market", "the hill", "the pond"];
        return tale.World.Things.Contains(question.Key) ? ["kite", "drum", "bell", "scarf", "book", "lantern", "basket", "whistle"] : [];
    }

    private static Turn[] Asked(TinyTale tale, TaleQuestion question) => [new("user", $"{tale.Text}\n{question.Question}")];

    private string Pick(string[] items) => items[_random.NextInt(items.Length)];
}
