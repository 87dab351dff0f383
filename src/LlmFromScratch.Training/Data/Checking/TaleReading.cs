using System.Text;
using System.Text.RegularExpressions;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>A text cut into sentences, once as it is and once without what is said in quotation marks, and who is named in it.</summary>
internal sealed partial class TaleReading
{
    /// <summary>Every name that a tale can give to somebody, and whether she is a girl or a she-animal.</summary>
    public static IReadOnlyDictionary<string, bool> Names { get; } =
        Casting.Girls.Concat(Casting.SheAnimals).Select(name => (name, true)).Concat(Casting.Boys.Concat(Casting.HeAnimals).Select(name => (name, false))).ToDictionary();

    /// <summary>Whether the bearer of a name is a child and not an animal.</summary>
    public static bool IsChild(string name) => Casting.Girls.Contains(name) || Casting.Boys.Contains(name);

    public TaleReading(string text)
    {
        Text = text;
        Narration = Silence(text);
        Sentences = [.. SentenceEnd().Split(text.Replace('\n', ' ')).Where(sentence => sentence.Length > 0)];
        Cast = [.. NameWord().Matches(text).Select(match => match.Value).Where(Names.ContainsKey).Distinct()];
    }

    /// <summary>The text as it is.</summary>
    public string Text { get; }

    /// <summary>The text with every letter between quotation marks replaced by a dot: same length, only what the teller says.</summary>
    public string Narration { get; }

    /// <summary>The sentences, speech included, as far as full stops, exclamation and question marks tell.</summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <summary>The names in the order in which they first appear.</summary>
    public IReadOnlyList<string> Cast { get; }

    /// <summary>The one of the cast whom she (or he) means; null where there is none or more than one.</summary>
    public string? Bearer(bool she)
    {
        string[] bearers = [.. Cast.Where(name => Names[name] == she)];
        return bearers.Length == 1 ? bearers[0] : null;
    }

    private static string Silence(string text)
    {
        StringBuilder narration = new(text.Length);
        bool spoken = false;
        foreach (char letter in text)
        {
            if (letter == '"') spoken = !spoken;
            if (letter == '\n') spoken = false; // speech never goes on in the next paragraph
            narration.Append(spoken && char.IsLetter(letter) ? '.' : letter);
        }
        return narration.ToString();
    }

    [GeneratedRegex("""(?<=[.!?]"?) """)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex("[A-Z][a-z]+")]
    private static partial Regex NameWord();
}
