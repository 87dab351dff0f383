using System.Text.RegularExpressions;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>What one can say and ask about a tale.</summary>
internal static partial class TaleTalk
{
    private const int PercentUnanswered = 11;

    private static readonly string[] Requests =
    [
        "Tell me a story about {0}.", "Tell me a story about {0}.", "Can you tell me a story about {0}?", "Please tell a story about {0}.", "I would like a story about {0}.",
        "A story about {0}, please.", "Write a story about {0}.", "Do you know a tale about {0}?",
    ];

    private static readonly string[] FreeRequests = ["Tell me a story.", "Please tell me a story.", "Can you tell me a tale?", "A story, please!", "Tell me something nice."];

    /// <summary>A request that the tale answers: free, by its topic, by the hero's name, or by both.</summary>
    public static string Request(TinyTale tale, SeededRandom random)
    {
        (string kind, string name) = (tale.World.HeroKind, tale.World.Hero);
        string named = $"a {kind} named {name}";
        return random.NextInt(10) switch
        {
            0 => FreeRequests[random.NextInt(FreeRequests.Length)],
            1 or 2 => string.Format(null, Pick(Requests, random), named),
            3 or 4 or 5 => string.Format(null, Pick(Requests, random), named + tale.Topic[$"a {kind}".Length..]),
            _ => string.Format(null, Pick(Requests, random), tale.Topic),
        };
    }

    /// <summary>A few different questions in many words, see <see cref="FreeWording"/>; as <see cref="Questions"/> otherwise.</summary>
    public static IEnumerable<TaleQuestion> FreeQuestions(TinyTale tale, SeededRandom random)
    {
        TaleWorld world = tale.World;
        bool hasFriend = tale.Text.Contains(world.Friend, StringComparison.Ordinal);
        string[] cast = hasFriend ? [world.Hero, world.Friend] : [world.Hero];
        string? spokenOf = null; // the only thing of the tale, as soon as a question or an answer has named it
        TaleQuestion[] all = [.. tale.Questions, .. tale.FreeQuestions, .. ListenerQuestions.Answered(tale, random)];
        HashSet<string> asked = [];
        foreach (TaleQuestion drawn in Questions(tale with { Questions = [.. all, .. all.Where(IsHard)] }, random))
        {
            if (!asked.Add(drawn.Question)) continue;
            TaleQuestion question = random.NextInt(100) < PercentUnanswered ? ListenerQuestions.Unanswered(tale, random) : drawn;
            if (question.Kind == "why" && WhySad().IsMatch(question.Question) && random.NextInt(2) == 0)
            {
                string sad = question.Question[4..];
                yield return new("how", char.ToUpperInvariant(sad[0]) + sad[1..], $"Yes, {question.Answer[..question.Answer.IndexOf(" because ", StringComparison.Ordinal)]}.", "Yes");
                yield return question with { Question = "Why?" };
                continue;
            }
            string words = !hasFriend || world.HeroKind != world.FriendKind ? FreeWording.WithKind(question, world.Hero, world.HeroKind, random) : question.Question;
            yield return question with { Question = FreeWording.Of(words, random, cast, spokenOf) };
            if (hasFriend && question.Question == $"Who is {world.Hero}?" && random.NextInt(2) == 0)
                yield return new("who", Pick([$"And {world.Friend}?", $"And who is {world.Friend}?"], random), $"{world.Friend} is {world.Hero}'s friend.", $"{world.Hero}'s friend");
            if (question.Answer == $"The {world.HeroKind} is called {world.Hero}." && tale.Text.Contains($"{world.Friend} the {world.FriendKind}", StringComparison.Ordinal) && random.NextInt(2) == 0)
                yield return new("who", $"And the {world.FriendKind}?", $"The {world.FriendKind} is called {world.Friend}.", world.Friend);
            if (tale.World.Things is [string thing] && (question.Question + question.Answer).Contains(thing, StringComparison.Ordinal)) spokenOf = thing;
        }
    }

    /// <summary>A few different questions: mostly those of the tale, some to be answered by yes or no, some that it does not answer.</summary>
    public static IEnumerable<TaleQuestion> Questions(TinyTale tale, SeededRandom random)
    {
        TaleQuestion[] shuffled = [.. tale.Questions];
        random.Shuffle<TaleQuestion>(shuffled);
        foreach (TaleQuestion question in shuffled)
        {
            int die = random.NextInt(100);
            if (die < 10) yield return Unknown(tale.World, random);
            else if (die < 22 && YesOrNo(question, tale.World, random) is { } closed) yield return closed;
            else yield return question;
        }
    }

    /// <summary>The tale in a few words, or what one can learn from it.</summary>
    public static (string User, string Assistant) Reflect(TinyTale tale, SeededRandom random) => random.NextInt(2) == 0
        ? (Pick(["Tell it again in a few words.", "What happens in the story?", "Tell the story again, but short."], random), tale.Summary)
        : (Pick(["What can we learn from the story?", "What is the moral?", "What does the story teach us?"], random), tale.Moral);

    private static TaleQuestion Unknown(TaleWorld world, SeededRandom random)
    {
        string name = random.NextInt(2) == 0 ? world.Hero : world.Friend;
        string question = random.NextInt(7) switch
        {
            0 => $"How old is {name}?",
            1 => $"What did {name} eat for breakfast?",
            2 => $"What is the name of {name}'s sister?",
            3 => $"How tall is {name}?",
            4 => $"What colour is {name}'s bed?",
            5 => $"What did {name} do last year?",
            _ => $"How many cousins has {name}?",
        };
        return new TaleQuestion("unknown", question, "The story does not say.", "does not say");
    }

    /// <summary>"Who found the kite?" - "Tom found the kite." becomes "Was it Mia who found the kite?" - "No, it was Tom."</summary>
    private static TaleQuestion? YesOrNo(TaleQuestion question, TaleWorld world, SeededRandom random)
    {
        string name = question.Key;
        if (question.Kind != "who" || !question.Answer.StartsWith(name + " ", StringComparison.Ordinal) || question.Answer.Contains("'s friend")) return null;
        if (name != world.Hero && name != world.Friend) return null;
        string deed = question.Answer[(name.Length + 1)..^1];
        string other = name == world.Hero ? world.Friend : world.Hero;
        if (deed.Contains(other)) return null;
        bool yes = random.NextInt(2) == 0;
        string key = yes ? $"Yes, it was {name}" : $"No, it was {name}";
        return new TaleQuestion("who", $"Was it {(yes ? name : other)} who {deed}?", key + ".", key);
    }

    // Of two spots of a place one is right, of two names one: a small model needs to be asked often.
    private static bool IsHard(TaleQuestion question) => question.Kind == "where" || question.Answer.Contains(" is called ", StringComparison.Ordinal) || question.Question.EndsWith("'s friend?", StringComparison.Ordinal);

    [GeneratedRegex("^Why was [A-Z][a-z]+ sad\\?$")]
    private static partial Regex WhySad();

    private static string Pick(string[] items, SeededRandom random) => items[random.NextInt(items.Length)];
}
