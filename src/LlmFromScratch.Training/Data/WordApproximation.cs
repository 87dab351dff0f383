using System.Text;
using System.Text.RegularExpressions;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// Approximations to the tales after Shannon ("A Mathematical Theory of Communication", 1948, section 3): each word is drawn from those that follow the last one, two, three
/// or four words somewhere in the tales; now and then it is any word of theirs. It makes no sense, but it is what a text looks like in which no sentence is known: a model
/// that has read some of it is less sure of itself when a tale leaves the sentences that it knows, and falls back to which words go together. One she and one he have a
/// name in each text, as in a tale, and one thing is spoken of.
/// </summary>
internal sealed partial class WordApproximation
{
    private const int SourceBytes = 1_000_000, MostOrder = 4, LeastWords = 60, MostWords = 170;
    private const int Draws = 40; // for a word that fits
    private const double LeastJump = 0.01, MostJump = 0.25; // how often a word is any word; drawn anew for each text
    private const double LeastReplaced = 0.05, MostReplaced = 0.6; // likewise, how often a word gives way to another

    private static readonly Regex Toy = new($@"\b(?:{string.Join('|', Things.ToyAdjectives.Keys)})\b");

    private readonly SeededRandom _random;
    private readonly string[] _words; // of all tales; "\n" is a word, and one between two tales
    private readonly Dictionary<string, List<int>> _places = []; // where a word stands
    private readonly HashSet<(string, string)> _pairs = []; // words that follow each other

    public WordApproximation(ulong seed, TaleSplit split)
    {
        _random = new SeededRandom(seed);
        TinyTalesGenerator tales = new(_random.NextUInt64(), split);
        _words = [.. tales.Stories(SourceBytes).SelectMany(tale => $"{tale}\n".Replace("\n", " \n ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        for (int i = 0; i < _words.Length - 1; i++)
        {
            if (!_places.TryGetValue(_words[i], out List<int>? places)) _places.Add(_words[i], places = []);
            places.Add(i);
            _pairs.Add((_words[i], _words[i + 1]));
        }
    }

    /// <summary>The next text, 60 to 170 words.</summary>
    public string Next()
    {
        int count = LeastWords + _random.NextInt(MostWords - LeastWords + 1);
        List<string> text = _random.NextInt(2) == 0 ? Approximate(count) : Replace(count);
        return Cast(string.Join(' ', text)).Replace(" \n ", "\n", StringComparison.Ordinal).Trim();
    }

    private List<string> Approximate(int count)
    {
        int order = 1 + _random.NextInt(MostOrder), at = _random.NextInt(_words.Length - 1);
        double jump = Share(LeastJump, MostJump);
        List<string> text = [_words[at]];
        while (text.Count < count)
        {
            at = _random.NextDouble() < jump ? _random.NextInt(_words.Length - 1) : Follow(text, order) + 1;
            text.Add(_words[at]);
        }
        return text;
    }

    // The tales from some word on, in which some words give way to others that stand between the same two.
    private List<string> Replace(int count)
    {
        int start = _random.NextInt(_words.Length - count - 1);
        double share = Share(LeastReplaced, MostReplaced);
        List<string> text = [_words[start]];
        for (int at = start + 1; text.Count < count; at++) text.Add(_random.NextDouble() < share ? Between(text[^1], _words[at], _words[at + 1]) : _words[at]);
        return text;
    }

    private string Between(string before, string word, string after)
    {
        List<int> places = _places[before];
        for (int draw = 0; draw < Draws; draw++)
        {
            string other = _words[places[_random.NextInt(places.Count)] + 1];
            if (other != word && _pairs.Contains((other, after))) return other;
        }
        return word;
    }

    private double Share(double least, double most) => least * PortableMath.Pow(most / least, _random.NextDouble());

    // A place in the tales where the last words stand as they do in the text: as many of them as some draws find, at most as the order says.
    private int Follow(List<string> text, int order)
    {
        List<int> places = _places[text[^1]];
        (int best, int longest) = (places[_random.NextInt(places.Count)], 1);
        for (int draw = 0; draw < Draws && longest < order; draw++)
        {
            int place = places[_random.NextInt(places.Count)], same = 1;
            while (same < order && same < text.Count && same <= place && _words[place - same] == text[^(same + 1)]) same++;
            if (same > longest) (best, longest) = (place, same);
        }
        return best;
    }

    // All names become those of one she and one he, all toys one toy.
    private string Cast(string text)
    {
        Cast cast = Casting.Draw(_random);
        Dictionary<bool, string> names = new() { [cast.Hero.Pronoun == Pronoun.She] = cast.Hero.Name, [cast.Hero.Pronoun != Pronoun.She] = cast.Friend.Name };
        string toy = Things.ToyAdjectives.Keys.ElementAt(_random.NextInt(Things.ToyAdjectives.Count));
        text = Name().Replace(text, word => TaleReading.Names.TryGetValue(word.Value, out bool she) ? names[she] : word.Value);
        return Toy.Replace(text, toy);
    }

    [GeneratedRegex("[A-Z][a-z]+")]
    private static partial Regex Name();
}
