using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>
/// Who holds what: nobody gives away what another one holds, or to himself; a thing is found only when it is lost, and once; what is broken does not break
/// again, and only a broken thing is mended; what was lost is found by the end.
/// </summary>
internal sealed class HolderRules
{
    private const string Person = "(?:[A-Z][a-z]+(?: [A-Z][a-z]+)?|[Tt]he (?:baker|old gardener|teacher|miller|wise old frog)|[Ss]?[Hh]e|(?:[Hh]is|[Hh]er) (?:mum|dad|grandma|grandpa))";
    private const string Receiver = "(?:[A-Z][a-z]+(?: [A-Z][a-z]+)?|the (?:baker|old gardener|teacher|miller|wise old frog)|him|her(?= ))";

    private readonly TaleReading _reading;
    private readonly string _noun;
    private readonly List<string> _problems = [];
    private readonly List<ThingEvent> _events = [];
    private string? _holder;
    private bool _lost, _broken;

    private HolderRules(TaleReading reading, string noun) => (_reading, _noun) = (reading, noun);

    /// <summary>Follows each thing of the tale from sentence to sentence.</summary>
    public static (IReadOnlyList<string> Problems, IReadOnlyList<ThingEvent> Events) Follow(TaleReading reading)
    {
        List<string> problems = [];
        List<ThingEvent> events = [];
        foreach (string noun in ThingRules.Introduced(reading))
        {
            HolderRules rules = new(reading, noun);
            foreach (string sentence in reading.Sentences) rules.Read(sentence);
            if (rules._lost && rules._events.All(e => e.Action != "give")) rules._problems.Add($"the {noun} stays lost");
            problems.AddRange(rules._problems);
            events.AddRange(rules._events);
        }
        return (problems, events);
    }

    private void Read(string sentence)
    {
        string thing = $"(?:the|an?|his|her|my|your)(?: [a-z]+){{0,1}}? {_noun}";
        if (Match(sentence, $@"(?<who>{Person}) had (?:a|an|only an?) (?:[a-z]+ )?{_noun}\b") is { } had) _holder ??= Name(had.Groups["who"].Value);
        if (Match(sentence, $@"(?<who>{Person}) (?:gave|gave back) {thing} to (?<to>{Receiver})\b") is { } gave) Give(gave);
        else if (Match(sentence, $@"(?<who>{Person}) gave (?<to>{Receiver}) (?:half of )?{thing}\b") is { } gaveHim) Give(gaveHim);
        else if (Match(sentence, $@"(?<who>{Person}) put the {_noun} into (?<to>his|her) arms") is { } put) Give(put);
        if (Match(sentence, $@"\bI have lost my {_noun}|\bthe {_noun} was gone|\bthe {_noun} was not there|\bWhere is my {_noun}") is not null) Lose();
        if (Match(sentence, $@"\b(?:The|the) {_noun} was (?:under|behind|among|beside|in|between) [a-z ]+!|there,? (?:[a-z ]+, )?(?:was|lay) the {_noun}") is not null || (_lost && sentence.Contains("Here it is!"))) Find();
        if (Match(sentence, $@"\bthe {_noun} (?:fell down and )?broke\b|\bThe {_noun} (?:was broken|broke)\b|\band the {_noun} broke") is not null) Break();
        if (Match(sentence, $@"\bmended (?:the {_noun}|it) together|\bmended the {_noun}") is not null && _broken) Mend();
        else if (Match(sentence, $@"\bmended the {_noun}") is not null && !_broken) _problems.Add($"the {_noun} is mended, but it was not broken");
    }

    private void Give(Match match)
    {
        string? who = Name(match.Groups["who"].Value), to = Name(match.Groups["to"].Value);
        _events.Add(new ThingEvent("give", _noun, who, to));
        if (who is not null && who == to) _problems.Add($"{who} gives the {_noun} to {who}");
        else if (_holder is not null && who is not null && who != _holder) _problems.Add($"{who} gives away the {_noun}, but {_holder} holds it");
        (_holder, _lost) = (to, false);
    }

    private void Lose()
    {
        if (!_lost) _events.Add(new ThingEvent("lose", _noun));
        (_holder, _lost) = (null, true);
    }

    private void Find()
    {
        _events.Add(new ThingEvent("find", _noun));
        if (!_lost && _events.Count(e => e.Action == "find") > 1) _problems.Add($"the {_noun} is found twice");
        _lost = false;
    }

    private void Break()
    {
        _events.Add(new ThingEvent("break", _noun));
        if (_broken) _problems.Add($"the {_noun} breaks twice");
        _broken = true;
    }

    private void Mend()
    {
        _events.Add(new ThingEvent("mend", _noun));
        _broken = false;
    }

    /// <summary>The name that a word stands for: "she" is the one of the cast who takes that pronoun, "her mum" is Mum.</summary>
    private string? Name(string word)
    {
        string lower = word.ToLowerInvariant();
        if (lower is "she" or "her") return _reading.Bearer(she: true);
        if (lower is "he" or "him" or "his") return _reading.Bearer(she: false);
        string last = word[(word.LastIndexOf(' ') + 1)..];
        if (lower.StartsWith("his ", StringComparison.Ordinal) || lower.StartsWith("her ", StringComparison.Ordinal)) return char.ToUpperInvariant(last[0]) + last[1..];
        string[] words = word.Split(' ');
        return words[0] is "Then" or "So" or "And" or "But" ? words[^1] : lower.StartsWith("the ", StringComparison.Ordinal) ? lower : word;
    }

    private static Match? Match(string sentence, string pattern) => Regex.Match(sentence, pattern) is { Success: true } match ? match : null;
}
