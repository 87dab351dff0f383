namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>Turns the tree of a pattern into steps (Thompson 1968, "Regular Expression Search Algorithm", with priorities for backtracking).</summary>
internal sealed class PatternCompiler(string pattern)
{
    private const int MostSteps = 20_000;

    private readonly List<PatternStep> _steps = [];

    /// <summary>The steps; the first is the start.</summary>
    /// <exception cref="NotSupportedException">The pattern is too long, or repeats the empty text without limit.</exception>
    public PatternStep[] Compile(PatternNode node)
    {
        Emit(node);
        Add(new PatternStep(PatternOp.Accept));
        return [.. _steps];
    }

    /// <summary>Which ASCII characters a match can start with, all bits set where it can be empty; and whether it can.</summary>
    public static (UInt128 Ascii, bool CanBeEmpty) First(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.One one: return (one.Set.Ascii, false);
            case PatternNode.Choice choice:
                return choice.Parts.Select(First).Aggregate((a, b) => (a.Ascii | b.Ascii, a.CanBeEmpty || b.CanBeEmpty));
            case PatternNode.Repeat repeat:
                (UInt128 ascii, bool empty) = First(repeat.Part);
                return (ascii, empty || repeat.Min == 0);
            case PatternNode.Sequence sequence:
                UInt128 first = 0;
                foreach (PatternNode part in sequence.Parts)
                {
                    (UInt128 ofPart, bool canBeEmpty) = First(part);
                    first |= ofPart;
                    if (!canBeEmpty) return (first, false);
                }
                return (first, true);
            default: return (0, true); // places and look-ahead take nothing
        }
    }

    /// <summary>[256]: the bytes that a match can start with, all those outside ASCII among them; null where it can be empty.</summary>
    public static bool[]? FirstBytes(PatternNode node)
    {
        (UInt128 ascii, bool canBeEmpty) = First(node);
        return canBeEmpty ? null : [.. Enumerable.Range(0, 256).Select(value => value >= 0x80 || (ascii >> value & 1) != 0)];
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.One one: Add(new PatternStep(PatternOp.Take, one.Set)); break;
            case PatternNode.Place place: Add(new PatternStep(place.Op)); break;
            case PatternNode.Sequence sequence:
                foreach (PatternNode part in sequence.Parts) Emit(part);
                break;
            case PatternNode.Choice choice: EmitChoice(choice); break;
            case PatternNode.Look look: EmitBody(PatternOp.Look, look.Part, look.Negated); break;
            case PatternNode.Repeat repeat: EmitRepeat(repeat); break;
        }
    }

    private void EmitChoice(PatternNode.Choice choice)
    {
        List<int> jumps = [];
        for (int i = 0; i < choice.Parts.Count; i++)
        {
            bool isLast = i == choice.Parts.Count - 1;
            int split = isLast ? -1 : Add(default);
            Emit(choice.Parts[i]);
            if (isLast) break;
            jumps.Add(Add(default));
            _steps[split] = new PatternStep(PatternOp.Split, A: split + 1, B: _steps.Count, First: FirstBytes(choice.Parts[i]));
        }
        foreach (int jump in jumps) _steps[jump] = new PatternStep(PatternOp.Jump, A: _steps.Count);
    }

    private void EmitRepeat(PatternNode.Repeat repeat)
    {
        if (Single(repeat.Part) is { } set && repeat.Kind != RepeatKind.Lazy)
        {
            Add(new PatternStep(PatternOp.TakeRun, set, repeat.Min, repeat.Max < 0 ? int.MaxValue : repeat.Max, Flag: repeat.Kind == RepeatKind.Possessive));
            return;
        }
        if (repeat.Kind == RepeatKind.Possessive)
        {
            EmitBody(PatternOp.Atomic, repeat with { Kind = RepeatKind.Greedy }, negated: false);
            return;
        }
        if (repeat.Max < 0 && First(repeat.Part).CanBeEmpty)
            throw new NotSupportedException($"Pattern '{pattern}': a repetition without limit of what can be empty is not supported.");
        for (int i = 0; i < repeat.Min; i++) Emit(repeat.Part);
        List<int> splits = [];
        int times = repeat.Max < 0 ? 1 : repeat.Max - repeat.Min;
        for (int i = 0; i < times; i++)
        {
            splits.Add(Add(default));
            Emit(repeat.Part);
        }
        if (repeat.Max < 0) Add(new PatternStep(PatternOp.Jump, A: splits[0]));
        bool[]? first = FirstBytes(repeat.Part);
        foreach (int split in splits)
            _steps[split] = repeat.Kind == RepeatKind.Lazy
                ? new PatternStep(PatternOp.Split, A: _steps.Count, B: split + 1)
                : new PatternStep(PatternOp.Split, A: split + 1, B: _steps.Count, First: first);
    }

    private void EmitBody(PatternOp op, PatternNode body, bool negated)
    {
        int step = Add(default);
        Emit(body);
        Add(new PatternStep(PatternOp.Accept));
        _steps[step] = new PatternStep(op, A: step + 1, B: _steps.Count, Flag: negated);
    }

    // The set of a part that is one character, also in a group of its own.
    private static CharacterSet? Single(PatternNode node) => node switch
    {
        PatternNode.One one => one.Set,
        PatternNode.Sequence { Parts: [PatternNode only] } => Single(only),
        _ => null,
    };

    private int Add(PatternStep step)
    {
        if (_steps.Count == MostSteps) throw new NotSupportedException($"Pattern '{pattern}': more than {MostSteps} steps; are its counts meant?");
        _steps.Add(step);
        return _steps.Count - 1;
    }
}
