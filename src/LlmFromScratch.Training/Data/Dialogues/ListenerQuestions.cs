using System.Text.RegularExpressions;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>What a listener asks of any tale: what somebody is called, whether this or that is so, and what this tale does not tell.</summary>
internal static class ListenerQuestions
{
    private const int OpeningLength = 170; // characters; who is named after it does not live where the hero does, as far as one is told

    /// <summary>Stands for the word in the questions of <see cref="Absent"/>.</summary>
    public const string Word = "WORD";

    /// <summary>What the words of a tale are where it answers the question: without them it does not say.</summary>
    private static readonly (string Question, Regex Told)[] Common =
    [
        Row("What did NAME lose?", "lost|lose|losing|gone|took|forgot|left"), Row("Why was NAME sad?", "sad|sadly|cry|cried|crying|tear|tears|lonely|angry|afraid|wrong|terrible|hungry|ill"),
        Row("What did NAME find?", "find|finds|found|lay|saw|see|there was|caught"), Row("What did NAME break?", "break|broke|broken|pieces|crack"),
        Row("What was NAME afraid of?", "afraid|fear|shook|shaking|scared|coward|hid|danger"), Row("Whose birthday was it?", "birthday"),
        Row("Who was ill?", "ill|sick|cold|well|fever"), Row("Who fell?", "fell|fall|fallen|falling|slid"), Row("Who won the race?", "race|win|won|winner"),
        Row("What was the prize?", "prize|win|winner"), Row("What made the noise?", "noise|sound|heard|hear|voice"), Row("What was the wish?", "wish|wished|wishes"),
        Row("Who asked the riddle?", "riddle|riddles"), Row("Who said sorry?", "sorry"), Row("Who was hungry?", "hungry|eat|ate|eaten"), Row("Who was new?", "new|strange"),
        Row("What did NAME plant?", "plant|planted|seed"), Row("What did NAME promise?", "promise|promised"),
        Row("Who came too late?", "late|long after|last"), Row("What did they eat?", "eat|ate|eaten|taste|tasted|cake|soup|lunch|food|bread|pear|hungry|milk"),
        Row("Who got lost?", "lost|lose|gone|strange"), Row("Who came in the night?", "night|moon|evening"),
    ];

    /// <summary>Questions that this tale answers as every tale does.</summary>
    public static IEnumerable<TaleQuestion> Answered(TinyTale tale, SeededRandom random)
    {
        TaleWorld world = tale.World;
        (string hero, string kind) = (world.Hero, world.HeroKind);
        bool hasFriend = Names(tale, world.Friend);
        yield return new("who", $"Who is {hero}?", $"{hero} is {tale.Topic}.", kind);
        if (!hasFriend || kind != world.FriendKind)
        {
            TaleQuestion[] ways = Called(kind, hero);
            yield return ways[random.NextInt(ways.Length)];
        }
        yield return NameOf(hero, random);
        string other = Other([.. Casting.Kinds, .. Casting.MoreKinds, "girl", "boy"], kind, random);
        yield return random.NextInt(2) == 0
            ? new("how", $"Is {hero} a {kind}?", $"Yes, {hero} is a {kind}.", "Yes")
            : new("how", $"Is {hero} a {other}?", $"No, {hero} is a {kind}.", "No");
        if (tale.Questions.FirstOrDefault(question => question.Question == $"What is {hero} like?") is { Key: string trait })
            yield return random.NextInt(2) == 0
                ? new("how", $"Is {hero} {trait}?", $"Yes, {hero} is {trait}.", "Yes")
                : new("how", $"Is {hero} {Other(Casting.Traits, trait, random)}?", $"The story says that {hero} is {trait}.", trait);
        if (!hasFriend)
        {
            yield return NotSaid($"Who is {hero}'s friend?");
            yield break;
        }
        yield return new("who", $"Who is {world.Friend}?", $"{world.Friend} is {hero}'s friend.", $"{hero}'s friend");
        yield return NameOf(world.Friend, random);
        yield return new("who", One(["Who is the friend?", "What is the friend's name?", "What is the name of the friend?", "Who else is in the story?"], random), $"{world.Friend} is {hero}'s friend.", world.Friend);
        yield return new("who", $"Who is {world.Friend}'s friend?", $"{hero} is {world.Friend}'s friend.", hero);
        if (tale.Text.Contains($"{world.Friend} the {world.FriendKind}", StringComparison.Ordinal) && kind != world.FriendKind)
            yield return new("who", One([$"What is the {world.FriendKind} called?", $"Who is the {world.FriendKind}?"], random), $"The {world.FriendKind} is called {world.Friend}.", world.Friend);
    }

    /// <summary>A question that another tale would answer: this one does not say, or there is no such thing in it.</summary>
    public static TaleQuestion Unanswered(TinyTale tale, SeededRandom random)
    {
        TaleWorld world = tale.World;
        int die = random.NextInt(100);
        if (die < 14) return Absent($"Who has the {Word}?|Where was the {Word}?|What happened to the {Word}?|Who gave {world.Hero} the {Word}?", Missing(tale, Things.ToyAdjectives.Keys, random), random);
        if (die < 26) return Absent($"Who is {Word}?|What did {Word} do?|What is {Word} like?|Where is {Word}?", Missing(tale, TaleReading.Names.Keys, random), random);
        string[] open = [.. Common.Where(row => !row.Told.IsMatch(tale.Text)).Select(row => row.Question.Replace("NAME", world.Hero, StringComparison.Ordinal)), .. Unsaid(tale)];
        return NotSaid(One([.. open.Except(tale.Questions.Concat(tale.FreeQuestions).Select(question => question.Question))], random));
    }

    /// <summary>What the only one of a kind is called, in every way to ask it.</summary>
    public static TaleQuestion[] Called(string kind, string name)
    {
        string[] ways = [$"What is the {kind} called?", $"What is the {kind}'s name?", $"Who is the {kind}?", $"What is the name of the {kind}?"];
        return Array.ConvertAll(ways, way => new TaleQuestion("who", way, $"The {kind} is called {name}.", name));
    }

    /// <summary>The question, answered by "The story does not say."</summary>
    public static TaleQuestion NotSaid(string question) => new("unknown", question, "The story does not say.", "does not say");

    /// <summary>One of the questions (parted by |) about <paramref name="word"/>, which the text does not have.</summary>
    public static TaleQuestion Absent(string questions, string word, SeededRandom random) =>
        new("unknown", One(questions.Split('|'), random).Replace(Word, word, StringComparison.Ordinal), $"There is no {word} in the story.", $"no {word}");

    // Where the tale does say, it asks this itself.
    private static IEnumerable<string> Unsaid(TinyTale tale)
    {
        (string hero, string friend) = (tale.World.Hero, tale.World.Friend);
        foreach (string question in (string[])[$"Who is {hero}'s friend?", $"What is {hero} like?", $"Where does {hero} live?", $"Has {hero} a dog?", $"Does {hero} have a brother?"]) yield return question;
        if (!Names(tale, friend)) yield break;
        yield return $"What is {friend} like?";
        if (tale.Text.IndexOf(friend, StringComparison.Ordinal) > OpeningLength) yield return $"Where does {friend} live?";
        if (!tale.Text.Contains($"a {tale.World.FriendKind}", StringComparison.Ordinal)) yield return $"What is {friend}?";
    }

    /// <summary>"What is her name?": of hero and friend one is a she and one a he.</summary>
    private static TaleQuestion NameOf(string name, SeededRandom random)
    {
        string her = TaleReading.Names[name] ? "her" : "his";
        return new("who", One([$"What is {her} name?", $"And what is {her} name?", $"What was {her} name?"], random), $"{char.ToUpperInvariant(her[0])}{her[1..]} name is {name}.", name);
    }

    private static string Missing(TinyTale tale, IEnumerable<string> words, SeededRandom random)
    {
        string[] missing = [.. words.Where(word => !tale.Text.Contains(word, StringComparison.OrdinalIgnoreCase) && word != tale.World.Friend)];
        return missing[random.NextInt(missing.Length)];
    }

    private static string Other(string[] words, string word, SeededRandom random)
    {
        string[] others = [.. words.Where(other => other != word)];
        return others[random.NextInt(others.Length)];
    }

    private static bool Names(TinyTale tale, string name) => tale.Text.Contains(name, StringComparison.Ordinal);

    private static (string, Regex) Row(string question, string told) => (question, new Regex($@"\b(?:{told})\b", RegexOptions.IgnoreCase));

    private static string One(string[] ways, SeededRandom random) => ways[random.NextInt(ways.Length)];
}
