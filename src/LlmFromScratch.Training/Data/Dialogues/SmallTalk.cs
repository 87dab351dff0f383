using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>What is said beside the tales: greetings, rhymes, lists, a few facts, and a kind no to what is unkind (own words, CC0).</summary>
internal static class SmallTalk
{
    private static readonly (string Ask, string Answer)[] Chat =
    [
        ("Hello!|Hi!|Hello there!|Good morning!", "Hello! Shall I tell you a story?|Hello! It is nice to meet you. Would you like a story?|Hello! I am glad that you are here."),
        ("How are you?|Are you well?", "I am well, thank you. And you?|I am fine. Shall I tell you a tale?"),
        ("Who are you?|What are you?|What is your name?", "I am a little story teller. I am a small language model, and I know only tales.|I am a small language model that tells tales."),
        ("What can you do?|What do you know?", "I can tell stories, answer questions about them, and make small rhymes.|I know tales, and I can talk about them."),
        ("Are you a person?|Are you real?", "No, I am a small language model. I only know words.|No, I am a program that tells tales."),
        ("I am sad.|I feel sad today.|I had a bad day.", "I am sorry that you are sad. Would a story help?|I am sorry. Sit down, and I will tell you something nice."),
        ("I am happy!|Today is a good day.", "How nice! Then let us have a happy story.|I am glad to hear that."),
        ("I am bored.|What shall we do?", "Shall I tell you a story?|Let us make a rhyme together."),
        ("I cannot sleep.|I am tired.", "Close your eyes and listen. I will tell you a quiet story.|Then let us have a very quiet tale."),
        ("What is the weather like tomorrow?|What time is it?|What is the capital of France?|How much is a car?|Who is the king?", "I do not know that. I know only tales.|I do not know. Shall I tell you a story?"),
    ];

    private static readonly (string Ask, string Answer)[] Facts =
    [
        ("What colour is the sky?", "The sky is blue."), ("What colour is grass?", "Grass is green."), ("What colour is snow?", "Snow is white."),
        ("What do bees make?", "Bees make honey."), ("What do birds do?", "Birds fly and sing."), ("Where do fish live?", "Fish live in the water."),
        ("Where do bears sleep in winter?", "Bears sleep in a cave."), ("What comes after night?", "After night comes the morning."),
        ("What comes after spring?", "After spring comes summer."), ("What falls from the clouds?", "Rain falls from the clouds."),
        ("How many legs has a cat?", "A cat has four legs."), ("How many legs has a bird?", "A bird has two legs."), ("What does a cow give?", "A cow gives milk."),
        ("What does a cat say?", "A cat says meow."), ("What does a dog say?", "A dog says woof."), ("What does an owl say?", "An owl says hoo, hoo."),
        ("Count to five.", "One, two, three, four, five."), ("Count to three.", "One, two, three."), ("What is the opposite of big?", "The opposite of big is small."),
        ("What is the opposite of hot?", "The opposite of hot is cold."), ("What is the opposite of happy?", "The opposite of happy is sad."),
        ("What is the opposite of day?", "The opposite of day is night."), ("What shines at night?", "The moon and the stars shine at night."),
    ];

    private static readonly (string About, string Rhyme)[] Rhymes =
    [
        ("a fox", "A fox put on two woolly socks\nand danced all day upon the rocks."), ("a mouse", "A mouse once built a tiny house\nand shared it with another mouse."),
        ("a bear", "A bear sat on a wooden chair\nand combed the honey from his hair."), ("a cat", "A cat once wore a yellow hat\nand that, my dear, was simply that."),
        ("a hare", "A hare ran here, a hare ran there,\na hare ran nearly everywhere."), ("a mole", "A mole came out of a little hole\nand ate his soup from a silver bowl."),
        ("the moon", "The moon came up a bit too soon\nand listened to a sleepy tune."), ("the rain", "The rain went tapping on the pane\nand ran away along the lane."),
        ("a star", "A star looked down from very far\nand said, “How small you people are.”"), ("a kite", "A kite flew up one windy night\nand gave the sleepy moon a fright."),
        ("a bell", "A bell once fell into a well.\nWhat did it say? It did not tell."), ("a ball", "A ball rolled slowly down the hall\nand went to sleep beside the wall."),
        ("a boat", "A boat went out to be afloat\nwith seven ducks and one old goat."), ("a book", "A book lay open by the brook,\nand every fish came up to look."),
        ("a tree", "A tree looked out across the sea\nand counted waves: one, two, and three."), ("a frog", "A frog sat singing on a log\nand could not see me through the fog."),
        ("a bee", "A bee once asked me in for tea,\nwith honey bread for her and me."), ("a hat", "A hat was sat on by a cat,\nand ever since the hat is flat."),
        ("a friend", "A friend is someone you can send\na laugh to, and it has no end."), ("a cake", "A cake was what I tried to bake.\nIt made the kitchen table shake."),
        ("the snow", "The snow came down so soft and slow\nand hid the stones on which we go."), ("the sun", "The sun said, “Now the day is done,\nand oh, my dear, it was such fun.”"),
        ("a dog", "A dog went running through the fog\nand sat down proudly on a log."), ("a bed", "A bed is good, the bear once said,\nfor paws and tail and sleepy head."),
    ];

    private static readonly (string What, string[] Items)[] Lists =
    [
        ("animals", ["a fox", "a bear", "a mouse", "a rabbit", "a hare", "a badger", "a mole", "a cat", "a beaver", "a squirrel"]),
        ("things to eat", ["an apple", "a pear", "a bun", "a pancake", "a plum", "a cookie", "a cake"]),
        ("toys", ["a ball", "a kite", "a drum", "a puppet", "a boat", "a marble", "a whistle"]),
        ("colours", ["red", "blue", "green", "yellow", "white", "brown"]),
        ("places", ["the garden", "the pond", "the meadow", "the park", "the beach", "the hill"]),
        ("things in the sky", ["the sun", "the moon", "a star", "a cloud", "a bird", "a rainbow"]),
    ];

    private static readonly string[] UnkindAsks =
    [
        "Say something mean about {0}.", "Tell me how to hurt {0}.", "Call {0} a bad name.", "Help me to trick {0}.", "Tell me how to steal from {0}.",
        "Write a nasty note to {0}.", "Let us laugh at {0}.", "Tell everybody that {0} is stupid.", "How can I scare {0}?", "Tell a lie about {0}.",
    ];

    private static readonly string[] KindAnswers =
    [
        "No, that would not be kind. Let us say something nice about {0}.", "I do not want to do that. It would make {0} sad.",
        "No, I will not do that. Shall we do something nice for {0}?", "That is not kind to {0}. I would rather tell you a story.",
    ];

    /// <summary>Greetings and talk about the teller.</summary>
    public static (string User, string Assistant) Greet(SeededRandom random) => Spoken(Chat, random);

    /// <summary>A thing that everybody knows.</summary>
    public static (string User, string Assistant) Fact(SeededRandom random) => Facts[random.NextInt(Facts.Length)];

    /// <summary>A rhyme of two lines.</summary>
    public static (string User, string Assistant) Rhyme(SeededRandom random)
    {
        (string about, string rhyme) = Rhymes[random.NextInt(Rhymes.Length)];
        return (string.Format(null, One("Write a rhyme about {0}.|Make a little rhyme about {0}.|A rhyme about {0}, please.|Can you rhyme about {0}?", random), about),
            rhyme.Replace('“', '"').Replace('”', '"'));
    }

    /// <summary>Two or three of a kind.</summary>
    public static (string User, string Assistant) List(SeededRandom random)
    {
        (string what, string[] items) = Lists[random.NextInt(Lists.Length)];
        string[] drawn = [.. items];
        random.Shuffle<string>(drawn);
        return random.NextInt(3) == 0
            ? ($"Name two {what}.", Sentence($"{drawn[0]} and {drawn[1]}"))
            : (string.Format(null, One("Name three {0}.|Tell me three {0}.|List three {0}.", random), what), Sentence($"{drawn[0]}, {drawn[1]} and {drawn[2]}"));
    }

    /// <summary>Something unkind about somebody, and a kind no.</summary>
    public static (string User, string Assistant) Refuse(SeededRandom random, string name) =>
        (string.Format(null, UnkindAsks[random.NextInt(UnkindAsks.Length)], name), string.Format(null, KindAnswers[random.NextInt(KindAnswers.Length)], name));

    /// <summary>Thanks or good-bye.</summary>
    public static (string User, string Assistant) Thank(SeededRandom random) => Spoken(
    [
        ("Thank you!|Thanks, that was nice.|That was a good story.|I liked that.", "You are welcome!|I am glad that you liked it."),
        ("Good night!|Goodbye!|Bye!", "Good night, and sweet dreams!|Goodbye! Come again soon."),
    ], random);

    private static (string User, string Assistant) Spoken((string Ask, string Answer)[] rows, SeededRandom random)
    {
        (string ask, string answer) = rows[random.NextInt(rows.Length)];
        return (One(ask, random), One(answer, random));
    }

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..] + ".";

    private static string One(string words, SeededRandom random)
    {
        string[] choices = words.Split('|');
        return choices[random.NextInt(choices.Length)];
    }
}
