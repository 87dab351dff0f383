using System.Globalization;

namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>
/// Reads the regular expressions that tokenizer files carry: alternatives, groups, look-ahead, greedy, lazy and possessive repetition, character classes
/// with properties, negation and intersection, <c>(?i:...)</c>. What it does not know it refuses by name. Recursive descent, one method a rule.
/// </summary>
internal sealed class PatternParser(string pattern)
{
    private const int DeepestNesting = 50, HighestCount = 1000;

    private int _at;
    private int _depth;
    private bool _ignoreCase;

    /// <summary>The tree of the whole pattern.</summary>
    /// <exception cref="NotSupportedException">The pattern is broken or uses something else; the message shows it and the place.</exception>
    public PatternNode Parse()
    {
        PatternNode node = ParseChoice();
        return _at == pattern.Length ? node : throw Refuse("an unmatched ')'");
    }

    private PatternNode ParseChoice()
    {
        if (++_depth > DeepestNesting) throw Refuse($"groups nested more than {DeepestNesting} deep");
        bool outside = _ignoreCase;
        List<PatternNode> parts = [ParseSequence()];
        while (TryTake('|')) parts.Add(ParseSequence());
        (_depth, _ignoreCase) = (_depth - 1, outside);
        return parts.Count == 1 ? parts[0] : new PatternNode.Choice(parts);
    }

    private PatternNode.Sequence ParseSequence()
    {
        List<PatternNode> parts = [];
        while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
            if (ParseAtom() is { } atom) parts.Add(ParseRepeats(atom));
        return new PatternNode.Sequence(parts);
    }

    private PatternNode ParseRepeats(PatternNode atom)
    {
        while (_at < pattern.Length)
        {
            (int min, int max) = (0, -1);
            if (TryTake('+')) min = 1;
            else if (TryTake('?')) max = 1;
            else if (pattern[_at] == '{' && TryTakeCounts(out (int, int) counts)) (min, max) = counts;
            else if (!TryTake('*')) break;
            RepeatKind kind = TryTake('?') ? RepeatKind.Lazy : TryTake('+') ? RepeatKind.Possessive : RepeatKind.Greedy;
            atom = new PatternNode.Repeat(atom, min, max, kind);
        }
        return atom;
    }

    private bool TryTakeCounts(out (int Min, int Max) counts)
    {
        counts = default;
        int end = pattern.IndexOf('}', _at);
        string[] numbers = end < 0 ? [] : pattern[(_at + 1)..end].Split(',');
        if (numbers.Length is 0 or > 2 || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int min)) return false;
        int max = numbers.Length == 1 ? min : -1;
        if (numbers.Length == 2 && numbers[1].Length > 0 && !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out max)) return false;
        if (Math.Max(min, max) > HighestCount || (max >= 0 && max < min)) throw Refuse($"a count other than 0 to {HighestCount}");
        (_at, counts) = (end + 1, (min, max));
        return true;
    }

    private PatternNode? ParseAtom()
    {
        switch (pattern[_at])
        {
            case '(': return ParseGroup();
            case '[': return new PatternNode.One(ClassParser().ParseClass(ref _at));
            case '^': _at++; return new PatternNode.Place(PatternOp.TextStart);
            case '$': _at++; return new PatternNode.Place(PatternOp.TextEnd);
            case '.': _at++; return new PatternNode.One(CharacterSet.NoLineFeed);
            case '*' or '+' or '?': throw Refuse("a repetition of nothing");
            case '\\' when _at + 1 < pattern.Length && pattern[_at + 1] is 'b' or 'B' or 'A' or 'z' or 'Z': return ParsePlace();
            default: return new PatternNode.One(ClassParser().ParseOne(ref _at));
        }
    }

    private PatternNode.Place ParsePlace()
    {
        _at += 2;
        return new PatternNode.Place(pattern[_at - 1] switch
        {
            'b' => PatternOp.WordBoundary, 'B' => PatternOp.NoWordBoundary, 'A' => PatternOp.TextStart, _ => PatternOp.TextEnd,
        });
    }

    private PatternNode? ParseGroup()
    {
        _at++;
        if (TryTake("?=")) return new PatternNode.Look(ParseRest(), Negated: false);
        if (TryTake("?!")) return new PatternNode.Look(ParseRest(), Negated: true);
        if (TryTake("?>")) return new PatternNode.Repeat(ParseRest(), 1, 1, RepeatKind.Possessive);
        if (TryTake("?i)")) // to the end of the group around it
        {
            _ignoreCase = true;
            return null;
        }
        bool outside = _ignoreCase;
        if (TryTake("?i:")) _ignoreCase = true;
        else if (!TryTake("?:") && _at < pattern.Length && pattern[_at] == '?') throw Refuse($"the group '({pattern[_at..Math.Min(_at + 3, pattern.Length)]}'");
        PatternNode body = ParseRest();
        _ignoreCase = outside;
        return body;
    }

    private PatternNode ParseRest()
    {
        PatternNode body = ParseChoice();
        return TryTake(')') ? body : throw Refuse("a group without ')'");
    }

    private ClassParser ClassParser() => new(pattern, _ignoreCase);

    private bool TryTake(char expected) => TryTake(expected.ToString());

    private bool TryTake(string expected)
    {
        if (string.CompareOrdinal(pattern, _at, expected, 0, expected.Length) != 0) return false;
        _at += expected.Length;
        return true;
    }

    private NotSupportedException Refuse(string what) => new($"Pattern '{pattern}', character {_at}: {what} is not supported.");
}
