using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Data.Checking;

/// <summary>
/// Who holds what: nobody gives away what another one holds, or to himself; a thing is found only when it is lost, and once; what is broken does not break
/// again, and only a broken thing is mended; what was lost is found by the end.
/// </summary>
internal sealed class HolderRules
{
    private readonly TaleReading _reading;
    private readonly ThingPatterns _thing;
    private readonly List<string> _problems = [];
    private readonly List<ThingEvent> _events = [];
    private string? _holder;
    private bool _lost, _broken;

    private HolderRules(TaleReading reading, ThingPatterns thing) => (_reading, _thing) = (reading, thing);

    private string Noun => _thing.Noun;

    /// <summary>Follows each thing of the tale from sentence to sentence.</summary>
    public static (IReadOnlyList<string> Problems, IReadOnlyList<ThingEvent> Events) Follow(TaleReading reading)
    {
        List<string> problems = [];
        List<ThingEvent> events = [];
        foreach (ThingPatterns thing in ThingRules.Introduced(reading))
        {
            HolderRules rules = new(reading, thing);
            foreach (string sentence in reading.Sentences) rules.Read(sentence);
            if (rules._lost && rules._events.All(e => e.Action != "give")) rules._problems.Add($"the {thing.Noun} stays lost");
            problems.AddRange(rules._problems);
            events.AddRange(rules._events);
        }
        return (problems, events);
    }

    private void Read(string sentence)
    {
        bool named = sentence.Contains(Noun, StringComparison.Ordinal);
        if (named && _thing.Had.Match(sentence) is { Success: true } had) _holder ??= Name(had.Groups["who"].Value);
        if (named && _thing.Given.Select(given => given.Match(sentence)).FirstOrDefault(match => match.Success) is { } gave) Give(gave);
        if (named && _thing.Lost.IsMatch(sentence)) Lose();
        if (named ? _thing.Found.IsMatch(sentence) : _lost && sentence.Contains("Here it is!", StringComparison.Ordinal)) Find();
        if (named && _thing.Broke.IsMatch(sentence)) Break();
        if (named ? _thing.Mended.IsMatch(sentence) : _broken && sentence.Contains("mended it", StringComparison.Ordinal)) Mend();
    }

    private void Give(Match match)
    {
        string? who = Name(match.Groups["who"].Value), to = Name(match.Groups["to"].Value);
        _events.Add(new ThingEvent("give", Noun, who, to));
        if (who is not null && who == to) _problems.Add($"{who} gives the {Noun} to {who}");
        else if (_holder is not null && who is not null && who != _holder) _problems.Add($"{who} gives away the {Noun}, but {_holder} holds it");
        (_holder, _lost) = (to, false);
    }

    private void Lose()
    {
        if (!_lost) _events.Add(new ThingEvent("lose", Noun));
        (_holder, _lost) = (null, true);
    }

    private void Find()
    {
        _events.Add(new ThingEvent("find", Noun));
        if (!_lost && _events.Count(e => e.Action == "find") > 1) _problems.Add($"the {Noun} is found twice");
        _lost = false;
    }

    private void Break()
    {
        _events.Add(new ThingEvent("break", Noun));
        if (_broken) _problems.Add($"the {Noun} breaks twice");
        _broken = true;
    }

    private void Mend()
    {
        _events.Add(new ThingEvent("mend", Noun));
        if (!_broken) _problems.Add($"the {Noun} is mended, but it was not broken");
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
}
