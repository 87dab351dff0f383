using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>What listeners say who do not keep to the grammar's requests: other ways to ask for a tale, and what they think of it (own words, CC0).</summary>
internal static class FreeTalk
{
    private static readonly string[] Requests =
    [
        "Tell me a story about {0}.", "tell me a story about {0}", "I want to hear a story about {0}.", "Could you tell me a story about {0}?", "Make up a story about {0}.",
        "Tell us a tale about {0}.", "How about a story about {0}?", "Hello! Tell me a story about {0}, please.", "A tale about {0}.", "Once more, please: a story about {0}.",
    ];

    private static readonly string[] Again = ["Another one, please.", "Tell me another story.", "One more story, please!", "And now another story.", "Again! Another story!"];

    private static readonly string[] AgainAbout = ["And now a story about {0}.", "Another story, please, about {0}.", "Now tell me about {0}.", "One more: a story about {0}.", "Another one, about {0}."];

    private static readonly (string[] Says, string[] Answers)[] Comments =
    [
        (["Did it end well?", "Was all well in the end?", "Is it a happy story?", "Was {0} happy in the end?"], ["Yes, all was well in the end.", "Yes, it ended well."]),
        (["I like {0}.", "{0} is nice.", "I would like to meet {0}."], ["I like {0}, too.", "So do I."]),
        (["Is {0} nice?", "Is {0} good?", "Is that good?"], ["Yes, I think so.", "I think so."]),
        (["Poor {0}!", "I was afraid for {0}."], ["Yes, but all was well in the end.", "Do not worry. All ended well."]),
        (["Is it a true story?", "Did that really happen?", "Did you make it up?"], ["No, it is not true. I made it up.", "I made it up. It is only a tale."]),
        (["That was short.", "That was a short story."], ["Yes. Shall I tell you another one?", "Short stories are good, too. Would you like one more?"]),
        (["Did you like the story?", "Do you like {0}?"], ["Yes, I like it when all is well in the end.", "Yes, I do."]),
        (["I did not like it.", "That was boring."], ["I am sorry. Shall I tell you another one?", "I am sorry. The next one will be better."]),
        (["Ha ha, that was funny!", "That was lovely.", "What a nice story!"], ["I am glad that you liked it.", "Thank you! Shall I tell you another one?"]),
    ];

    private static readonly (string About, string Rhyme)[] Rhymes =
    [
        ("the wind", "The wind came in and turned around\nand left a leaf upon the ground."), ("a bird", "A bird sang out. Nobody heard.\nIt sang again, that little bird."),
        ("a fish", "A fish once had a single wish:\nto eat its supper from a dish."), ("a cloud", "A cloud, so white, so round, so proud,\nsat down to rest and rained out loud."),
        ("a duck", "A duck went out to try its luck\nand came home late upon a truck."), ("the sea", "The sea said nothing much to me.\nIt came at two and went at three."),
        ("a shoe", "A shoe, a shoe, where there were two!\nThe other one is lost. Have you?"), ("a flower", "A flower stood for half an hour\nand waited for a summer shower."),
        ("the winter", "When winter comes, the pond is glass,\nand snow lies softly on the grass."), ("a horse", "A horse ran all around the course\nand won the race. It was a horse!"),
        ("the night", "The night came down without a light,\nand said to all the birds: Good night."), ("a rabbit", "A rabbit had a funny habit:\nhe saw a leaf and had to grab it."),
    ];

    /// <summary>A request that the tale answers: by its topic, by hero and friend, by what they are, or by its thing.</summary>
    public static string Request(TinyTale tale, SeededRandom random) => string.Format(null, One(Requests, random), About(tale, random));

    /// <summary>Asks for a second tale, or for this one.</summary>
    public static string Another(TinyTale tale, SeededRandom random) =>
        random.NextInt(2) == 0 ? One(Again, random) : string.Format(null, One(AgainAbout, random), About(tale, random));

    private static string About(TinyTale tale, SeededRandom random)
    {
        TaleWorld world = tale.World;
        bool hasFriend = tale.Text.Contains(world.Friend, StringComparison.Ordinal);
        string named = $"a {world.HeroKind} {One(["named", "called"], random)} {world.Hero}";
        return random.NextInt(9) switch
        {
            0 => named,
            1 when hasFriend => $"{world.Hero} and {world.Friend}",
            1 => $"{world.Hero} the {world.HeroKind}",
            2 when hasFriend => $"a {world.HeroKind} and a {world.FriendKind}",
            3 when world.Things.Count > 0 => $"a {world.Things[random.NextInt(world.Things.Count)]}".Replace("a apple", "an apple", StringComparison.Ordinal),
            4 => $"a {world.HeroKind}",
            5 or 6 => named + tale.Topic[$"a {world.HeroKind}".Length..],
            _ => tale.Topic,
        };
    }

    /// <summary>What a listener thinks of a tale, and what the teller says to that.</summary>
    public static (string User, string Assistant) Comment(string hero, SeededRandom random)
    {
        (string[] says, string[] answers) = Comments[random.NextInt(Comments.Length)];
        return (string.Format(null, One(says, random), hero), string.Format(null, One(answers, random), hero));
    }

    /// <summary>A rhyme of two lines.</summary>
    public static (string User, string Assistant) Rhyme(SeededRandom random)
    {
        (string about, string rhyme) = Rhymes[random.NextInt(Rhymes.Length)];
        return (string.Format(null, One(["Write a rhyme about {0}.", "Make a rhyme about {0}.", "Can you make a little rhyme about {0}?", "And a rhyme about {0}, please."], random), about), rhyme);
    }

    /// <summary>How a tale ends, what became of its thing, what its hero did, what it was about, or what it teaches.</summary>
    public static (string User, string Assistant) Reflect(TinyTale tale, SeededRandom random)
    {
        string hero = tale.World.Hero, first = tale.Summary.Split(". ")[0].TrimEnd('.') + ".";
        bool isOfHero = first.StartsWith(hero + " ", StringComparison.Ordinal) && tale.Questions.All(question => question.Question != $"What did {hero} do?");
        string end = tale.Summary[(tale.Summary.LastIndexOf(". ", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..];
        bool hasFate = tale.World.Things.Count == 1 && tale.Questions.Any(question => question.Question == $"Who has the {tale.World.Things[0]} at the end?");
        return random.NextInt(6) switch
        {
            0 => (One(["How does the story end?", "What happened in the end?", "How did it end?", "What happens at the end?"], random), end),
            1 when hasFate => ($"What happened to the {tale.World.Things[0]}?", end),
            2 when isOfHero => (One([$"What did {hero} do?", $"What happened to {hero}?", $"And what did {hero} do?"], random), first),
            3 => (One(["What is the moral of the story?", "And the moral?", "What did they learn?", "What does it teach us?", "What is the lesson?"], random), tale.Moral),
            _ => (One(["What was the story about?", "What happened in the story?", "Can you say it in short?", "What did they do?", "And what happened?", "What did they do in the story?", "Tell me the story in two sentences."], random), tale.Summary),
        };
    }

    private static string One(string[] ways, SeededRandom random) => ways[random.NextInt(ways.Length)];
}
