using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>The people, animals and settings of the tales (own words, CC0), and how a cast is drawn from them.</summary>
internal static class Casting
{
    private const int PercentChildren = 55, OneInRoyal = 6; // children of a wide cast

    internal static readonly string[] Girls = ["Lily", "Mia", "Anna", "Rosa", "Emma", "Lucy", "Nora", "Ella", "Sara", "Zoe", "Clara", "Molly", "Ida", "Greta", "June", "Nina"];
    internal static readonly string[] Boys = ["Tom", "Ben", "Max", "Sam", "Leo", "Tim", "Finn", "Jack", "Noah", "Oscar", "Peter", "Adam", "Paul", "Otto", "Felix", "Emil"];
    internal static readonly string[] SheAnimals = ["Dot", "Hazel", "Poppy", "Daisy", "Tilly", "Ruby", "Willow", "Bella", "Fern", "Pearl"];
    internal static readonly string[] HeAnimals = ["Pip", "Bruno", "Toby", "Milo", "Rusty", "Hugo", "Benny", "Oliver", "Basil", "Monty"];
    internal static readonly string[] Kinds = ["mouse", "rabbit", "fox", "bear", "squirrel", "hedgehog", "badger", "mole", "hare", "beaver", "cat", "raccoon"];
    internal static readonly string[] MoreKinds = ["dog", "puppy", "lion", "tiger", "monkey", "panda", "dragon", "dinosaur", "koala", "hamster", "marmot", "leopard", "lynx"];
    internal static readonly string[] GirlKinds = ["girl", "princess"], BoyKinds = ["boy", "prince"];
    internal static readonly string[] Traits = ["kind", "curious", "cheerful", "clever", "gentle", "happy", "friendly", "polite", "merry", "quiet", "brave", "dreamy", "lively"];
    internal static readonly string[] Family = ["mum", "dad", "grandma", "grandpa"];
    internal static readonly string[] Neighbours = ["the baker", "the old gardener", "the teacher", "the miller"];
    internal static readonly string[] WiseAnimals = ["Old Owl", "Old Tortoise", "Old Goat", "the wise old frog"];

    private static readonly Place Garden = new("garden", "in", "under a rose bush|behind the shed|among the flowers|beside the gate");
    private static readonly Place Pond = new("pond", "by", "among the reeds|behind a grey stone|under the little bridge", IsWater: true);
    private static readonly Place Meadow = new("meadow", "in", "in the long grass|among the daisies|beside a fence");
    private static readonly Place Stream = new("stream", "by", "behind a big stone|among the ferns|under a fallen log", IsWater: true);
    private static readonly Place Oak = new("old oak tree", "under", "between the roots|in a pile of leaves|behind a mushroom");
    private static readonly Place Beach = new("beach", "on", "behind a big rock|under an old boat|in the warm sand", IsWater: true);
    private static readonly Place Park = new("park", "in", "under a bench|behind a big tree|in the long grass");

    internal static readonly Setting[] ChildSettings =
    [
        new("in a small village by the sea", Beach, new("harbour", "at", "behind a barrel|under a fishing net|beside a blue boat", IsWater: true),
            Garden),
        new("on a farm in the hills", new("orchard", "in", "under an apple tree|behind the ladder|in the long grass"), Meadow, Pond),
        new("in a little town", Park, new("market", "at", "under an apple cart|behind a basket|beside the fountain"), Garden),
        new("in a house near the woods", Stream, Meadow, Garden),
        new("in a quiet village", Pond, Park, Meadow),
    ];

    internal static readonly Setting[] AnimalSettings =
    [
        new("in a deep green forest", Oak, Stream, new("clearing", "in", "under a fern|in the soft moss|behind a log")),
        new("in a sunny meadow", Pond, new("hill", "on", "behind a bush|in the tall grass|beside a flat stone"), Oak),
        new("near a wide blue lake", new("shore", "on", "behind a round rock|under a piece of wood|in the soft sand", IsWater: true), Meadow, Stream),
        new("at the edge of a big forest", Stream, Meadow, Oak),
    ];

    /// <summary>A cast of children or a cast of animals; hero and friend differ in pronoun, and animals in kind.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="isWide">Whether it may have princes, lions and dragons, too.</param>
    public static Cast Draw(SeededRandom random, bool isWide = false)
    {
        string[] kinds = isWide ? [.. Kinds, .. MoreKinds] : Kinds;
        bool children = random.NextInt(100) < PercentChildren;
        bool sheIsHero = random.NextInt(2) == 0;
        string she = children ? One(Girls, random) : One(SheAnimals, random);
        string he = children ? One(Boys, random) : One(HeAnimals, random);
        int kind = random.NextInt(kinds.Length);
        int otherKind = (kind + 1 + random.NextInt(kinds.Length - 1)) % kinds.Length; // 1 to n - 1 steps on: never the same kind
        Character girl = new(she, children ? Child(GirlKinds) : kinds[kind], Pronoun.She, !children);
        Character boy = new(he, children ? Child(BoyKinds) : kinds[otherKind], Pronoun.He, !children);
        Character hero = sheIsHero ? girl : boy;
        Setting setting = One(children ? ChildSettings : AnimalSettings, random);
        return new Cast(hero, sheIsHero ? boy : girl, Elder(hero, random), Wise(hero, random), setting, One(Traits, random));

        string Child(string[] which) => which[isWide && random.NextInt(OneInRoyal) == 0 ? 1 : 0];
    }

    private static Character Elder(Character hero, SeededRandom random)
    {
        string relation = One(Family, random);
        string name = char.ToUpperInvariant(relation[0]) + relation[1..];
        return new Character(name, relation, Pronoun.It, hero.IsAnimal, Relation: $"{hero.Form("his")} {relation}");
    }

    private static Character Wise(Character hero, SeededRandom random)
    {
        string name = One(hero.IsAnimal ? WiseAnimals : Neighbours, random);
        return new Character(name, "neighbour", Pronoun.It, hero.IsAnimal, Relation: name);
    }

    private static T One<T>(T[] items, SeededRandom random) => items[random.NextInt(items.Length)];
}
