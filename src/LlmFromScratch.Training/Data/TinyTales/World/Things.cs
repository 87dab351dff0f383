using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>The things of the tales (own words, CC0). A row: noun; adjectives; what one does with it; what one did; how; its kind.</summary>
internal static class Things
{
    private static readonly (string Noun, string Adjectives, string Use, string Used, string Tail, string Kind)[] Toys =
    [
        ("kite", "red|blue|yellow", "fly", "flew", "in the wind", "made fragile light"),
        ("ball", "red|green|bouncy", "bounce", "bounced", "up and down", "light"),
        ("drum", "little|round|new", "play", "played", "all day long", "made fragile"),
        ("bell", "silver|little|golden", "ring", "rang", "every morning", ""),
        ("hat", "green|warm|funny", "wear", "wore", "every day", "made light"),
        ("scarf", "blue|soft|woolly", "wear", "wore", "everywhere", "made light"),
        ("book", "little|old|blue", "read", "read", "in the evening", ""),
        ("boat", "wooden|little|white", "play with", "played with", "after breakfast", "made fragile"),
        ("lantern", "little|yellow|bright", "carry", "carried", "in the evening", "made fragile"),
        ("flute", "wooden|little|long", "play", "played", "in the morning", "made fragile"),
        ("basket", "little|brown|round", "carry", "carried", "everywhere", "made fragile light"),
        ("shell", "pink|white|shiny", "listen to", "listened to", "before bed", "fragile"),
        ("spinning top", "red|wooden|little", "spin", "spun", "on the floor", "made fragile"),
        ("puppet", "funny|little|wooden", "play with", "played with", "in the evening", "made fragile light"),
        ("marble", "green|blue|shiny", "roll", "rolled", "over the floor", ""),
        ("ribbon", "red|yellow|long", "wear", "wore", "every day", "made light"),
        ("cart", "little|wooden|red", "pull", "pulled", "along the path", "made fragile"),
        ("whistle", "tin|little|red", "blow", "blew", "in the morning", "light"),
    ];

    private static readonly (string Noun, string Adjectives)[] Foods =
    [
        ("apple pie", "warm|sweet|big"), ("bun", "soft|sweet|warm"), ("cake", "little|honey|nut"), ("pear", "big|ripe|yellow"),
        ("apple", "big|red|shiny"), ("pancake", "big|warm|golden"), ("carrot cake", "sweet|little|fresh"), ("berry pie", "sweet|warm|fresh"),
        ("plum", "ripe|sweet|big"), ("cookie", "big|round|crisp"), ("loaf of bread", "fresh|warm|brown"), ("bowl of soup", "warm|big|little"),
    ];

    /// <summary>
    /// A toy or another dear thing; with a <paramref name="kind"/> only one of that kind: "made" can be made by a child as a gift,
    /// "fragile" breaks when it falls and can be mended with glue, "light" can fly off and hang in a tree.
    /// </summary>
    public static Thing Toy(SeededRandom random, string kind = "")
    {
        (string Noun, string Adjectives, string Use, string Used, string Tail, string Kind)[] fitting = [.. Toys.Where(t => t.Kind.Contains(kind))];
        (string noun, string adjectives, string use, string used, string tail, _) = fitting[random.NextInt(fitting.Length)];
        return new Thing(noun, One(adjectives, random), use, used, tail);
    }

    /// <summary>Something good to eat.</summary>
    public static Thing Food(SeededRandom random)
    {
        (string noun, string adjectives) = Foods[random.NextInt(Foods.Length)];
        return new Thing(noun, One(adjectives, random), "eat", "ate", "slowly");
    }

    /// <summary>Every toy and its adjectives.</summary>
    public static IReadOnlyDictionary<string, string[]> ToyAdjectives { get; } = Toys.ToDictionary(toy => toy.Noun, toy => toy.Adjectives.Split('|'));

    /// <summary>Every food and its adjectives.</summary>
    public static IReadOnlyDictionary<string, string[]> FoodAdjectives { get; } = Foods.ToDictionary(food => food.Noun, food => food.Adjectives.Split('|'));

    private static string One(string words, SeededRandom random)
    {
        string[] choices = words.Split('|');
        return choices[random.NextInt(choices.Length)];
    }
}
