using System.Text.RegularExpressions;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>Questions as a listener asks them: in other words than the grammar's, with "she" and "it" for what has been spoken of, and not always with care.</summary>
internal static partial class FreeWording
{
    private const int PercentOtherWords = 45, PercentPronoun = 30, PercentKind = 20, PercentIntroduced = 14, PercentCareless = 6;

    private static readonly (Regex Question, string[] Ways)[] OtherWords =
    [
        Row("Who is the story about?", "Who is it about?|Who is the hero of the story?|Whose story is it?|What is the name of the hero?"),
        Row("Where does NAME live?", "Where is NAME at home?|Where is NAME's home?"),
        Row("What is NAME like?", "How would you describe NAME?|What sort of one is NAME?|How is NAME, kind or brave or what?"),
        Row("Who is NAME's friend?", "Who is the friend of NAME?|What is the name of NAME's friend?|What is NAME's friend called?"),
        Row("Who has the WORDS at the end?", "Who has the WORDS now?|Who has the WORDS in the end?|In the end, who has the WORDS?"),
        Row("Where was the WORDS?", "Where was the WORDS in the end?|Where did the WORDS turn up?"),
        Row("Why was NAME sad?", "Why did NAME feel sad?|What made NAME sad?"),
        Row("What did NAME lose?", "What was lost?|What had NAME lost?|What has NAME lost?"),
        Row("Who gave NAME the WORDS?", "Who did NAME get the WORDS from?|From whom did NAME get the WORDS?|Who was it that gave NAME the WORDS?"),
        Row("Who found the WORDS?", "Who was it that found the WORDS?|Who found the WORDS in the end?"),
        Row("Who gave NAME advice?", "Who told NAME what to do?|Who knew what to do?"),
        Row("What was NAME afraid of?", "What did NAME fear?|What scared NAME?|What was it that scared NAME?"),
        Row("Who helped NAME?", "Who was it that helped NAME?|Did anybody help NAME, and who?|Who gave help to NAME?"),
        Row("Did NAME get the WORDS back?", "Has NAME got the WORDS back?|Did NAME find the WORDS again?|Was the WORDS found?"),
        Row("What did NAME want to do?", "What did NAME want?|What was the wish of NAME?"),
        Row("What happened to the WORDS?", "What became of the WORDS?|And the WORDS, what happened to it?"),
        Row("Who freed the WORDS?", "Who let the WORDS go?|Who was it that freed the WORDS?"),
        Row("Where did it happen?", "Where were they?|Where does the story take place?|Where was that?"),
        Row("Whose birthday was it?", "Who had a birthday?|Whose birthday is it?"),
        Row("Who was ill?", "Who was not well?|Who was in bed?"),
        Row("Who was new?", "Who was the new one?|Who came to live there?"),
        Row("Who needed help?", "Who was in trouble?|Who was it that needed help?"),
        Row("What made the noise?", "What was the noise?|Where did the noise come from?"),
        Row("Who came to help?", "Who came?|Who was it that came to help?"),
        Row("What was the wish?", "What was wished for?|What was the one wish?"),
        Row("Who fell?", "Who was it that fell?"),
        Row("Who has the WORDS?", "Who has got the WORDS?|Who is it that has the WORDS?|With whom is the WORDS?"),
        Row("What does NAME have?", "What has NAME?|What has NAME got?"),
        Row("What colour is the WORDS?", "Which colour has the WORDS?|What is the colour of the WORDS?"),
        Row("Where is NAME?", "Where is NAME now?|Where can one find NAME?"),
    ];

    private static readonly string[] Introductions = ["And ", "Tell me, ", "One more question: ", "I want to know: ", "So, ", "Please tell me, ", "Now, "];

    /// <summary>The question in a way in which a listener could ask it; sometimes it stays as it is.</summary>
    /// <param name="question">As the grammar asks it: "Who found the kite?"</param>
    /// <param name="random">Draws.</param>
    /// <param name="cast">Who has been named; "he" stands for a boy only where there is one.</param>
    /// <param name="spokenOf">What "it" can mean, or null.</param>
    public static string Of(string question, SeededRandom random, IReadOnlyCollection<string> cast, string? spokenOf = null)
    {
        if (Chance(PercentOtherWords, random) && InOtherWords(question, random) is string other) question = other;
        if (Chance(PercentPronoun, random)) question = WithPronoun(question, random, cast);
        if (spokenOf is not null && Chance(PercentPronoun, random)) question = Regex.Replace(question, $@"\bthe {Regex.Escape(spokenOf)}\b", "it");
        if (Chance(PercentIntroduced, random)) question = Introductions[random.NextInt(Introductions.Length)] + Small(question);
        return Chance(PercentCareless, random) ? Small(question).TrimEnd('?') : question;
    }

    /// <summary>Sometimes "the fox" for the name of the only fox, where the question is not what or who it is.</summary>
    public static string WithKind(TaleQuestion question, string name, string kind, SeededRandom random) =>
        question.Kind == "unknown" || question.Answer.Contains(kind, StringComparison.Ordinal) || !Chance(PercentKind, random)
            ? question.Question : Regex.Replace(question.Question, $@"\b{name}\b", $"the {kind}");

    /// <summary>Puts she, her, he, his or him for one name of the question whose bearer is the only girl or boy of the cast.</summary>
    public static string WithPronoun(string question, SeededRandom random, IReadOnlyCollection<string> cast)
    {
        string[] named = [.. cast.Where(name => Regex.IsMatch(question, $@"\b{name}\b") && cast.Count(other => TaleReading.Names[other] == TaleReading.Names[name]) == 1)];
        if (named.Length == 0 || question.Contains(" or ", StringComparison.Ordinal)) return question;
        string name = named[random.NextInt(named.Length)];
        bool she = TaleReading.Names[name];
        question = Regex.Replace(question, $@"\b{name}'s", she ? "her" : "his");
        question = Regex.Replace(question, $@"(?<=\b(?:{ObjectAfter}) ){name}\b", she ? "her" : "him");
        return Regex.Replace(question, $@"\b{name}\b", she ? "she" : "he");
    }

    // Words after which he is him. "did ... bring Tom", "with Tom": the grammar's questions have no others.
    private const string ObjectAfter = "gave|give|bring|brought|helped|help|found|sent|asked|told|to|with|for|from|of|near|made|scared|describe|find";

    private static string? InOtherWords(string question, SeededRandom random)
    {
        foreach ((Regex pattern, string[] ways) in OtherWords)
            if (pattern.Match(question) is { Success: true } match)
                return ways[random.NextInt(ways.Length)].Replace("NAME", match.Groups["name"].Value, StringComparison.Ordinal).Replace("WORDS", match.Groups["words"].Value, StringComparison.Ordinal);
        return null;
    }

    private static (Regex, string[]) Row(string question, string ways) => (
        new Regex($"^{Regex.Escape(question).Replace("NAME", "(?<name>[A-Z][a-z]+)", StringComparison.Ordinal).Replace("WORDS", "(?<words>[a-z ]+?)", StringComparison.Ordinal)}$"), ways.Split('|'));

    // Names keep their capital.
    private static string Small(string question) => StartsWithName().Match(question) is { Success: true } match && TaleReading.Names.ContainsKey(match.Value)
        ? question : char.ToLowerInvariant(question[0]) + question[1..];

    private static bool Chance(int percent, SeededRandom random) => random.NextInt(100) < percent;

    [GeneratedRegex("^[A-Z][a-z]+")]
    private static partial Regex StartsWithName();
}
