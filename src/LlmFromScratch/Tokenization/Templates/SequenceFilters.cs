namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The filters over lists and mappings.</summary>
internal static class SequenceFilters
{
    public static object? Apply(ExpressionEvaluator evaluator, string name, object? value, CallArguments a)
    {
        int line = a.Line;
        switch (name)
        {
            case "items": return value is TemplateMap map ? MapMethods.Items(map) : value is Undefined ? new TemplateList([])
                : throw TemplateErrors.At(line, $"items: expected a mapping, got {TemplateValues.TypeName(value)}.");
            case "dictsort": return DictSort(value, a);
            case "list": return new TemplateList(TemplateValues.Iterate(value, line));
            case "first": return TemplateValues.Iterate(value, line) is [var head, ..] ? head : new Undefined("the first of nothing");
            case "last": return TemplateValues.Iterate(value, line) is [.., var tail] ? tail : new Undefined("the last of nothing");
            case "reverse":
                List<object?> reversed = TemplateValues.Iterate(value, line);
                reversed.Reverse();
                return value is string ? string.Concat(reversed) : new TemplateList(reversed, isGenerator: true);
            case "sort": return new TemplateList(Sort(TemplateValues.Iterate(value, line), item => Key(item, a.Get(2, "attribute"), a.GetBoolean(1, "case_sensitive", false), line),
                a.GetBoolean(0, "reverse", false), line));
            case "unique": return Unique(value, a);
            case "min" or "max": return Extreme(value, a, isMax: name == "max");
            case "sum": return TemplateValues.Iterate(value, line).Aggregate(a.Get(1, "start", 0L),
                (sum, item) => TemplateArithmetic.Combine("+", sum, a.Get(0, "attribute") is { } path ? TemplateFilters.Path(item, path, line) : item, line));
            case "map": return Map(evaluator, value, a);
            case "select" or "reject": return Select(value, a, path: null, first: 0, keeps: name == "select");
            case "selectattr" or "rejectattr": return Select(value, a, a.GetString(0, "attribute"), first: 1, keeps: name == "selectattr");
            default: throw TemplateErrors.Unsupported(line, $"the filter '{name}'");
        }
    }

    private static TemplateList Map(ExpressionEvaluator evaluator, object? value, CallArguments a)
    {
        List<object?> items = TemplateValues.IsTrue(value) ? TemplateValues.Iterate(value, a.Line) : [];
        if (a.Positional.Count == 0 && a.Named.TryGetValue("attribute", out object? path))
            return new TemplateList([.. items.Select(item => TemplateFilters.Path(item, path, a.Line) is var found && found is Undefined && a.Named.TryGetValue("default", out object? d) ? d : found)], isGenerator: true);
        string filter = a.GetString(0, "filter");
        CallArguments rest = new([.. a.Positional.Skip(1)], a.Named, a.Line);
        return new TemplateList([.. items.Select(item => TemplateFilters.Apply(evaluator, filter, item, rest))], isGenerator: true);
    }

    // Those items (or their attribute) that pass a test; without a test, those that are true.
    private static TemplateList Select(object? value, CallArguments a, string? path, int first, bool keeps)
    {
        string? test = a.Positional.Count > first ? a.GetString(first, "test") : null;
        CallArguments rest = new([.. a.Positional.Skip(first + 1)], a.Named, a.Line);
        List<object?> items = TemplateValues.IsTrue(value) ? TemplateValues.Iterate(value, a.Line) : [];
        return new TemplateList([.. items.Where(item =>
        {
            object? tested = path is null ? item : TemplateFilters.Path(item, path, a.Line);
            return (test is null ? TemplateValues.IsTrue(tested) : TemplateTests.Is(test, tested, rest)) == keeps;
        })], isGenerator: true);
    }

    private static TemplateList DictSort(object? value, CallArguments a)
    {
        if (value is not TemplateMap map) throw TemplateErrors.At(a.Line, $"dictsort: expected a mapping, got {TemplateValues.TypeName(value)}.");
        bool byValue = a.Get(1, "by") is "value";
        return new TemplateList(Sort(MapMethods.Items(map).Items, pair =>
            Key(((TemplateList)pair!).Items[byValue ? 1 : 0], null, a.GetBoolean(0, "case_sensitive", false), a.Line), a.GetBoolean(2, "reverse", false), a.Line)); // not null: a pair
    }

    private static List<object?> Sort(List<object?> items, Func<object?, object?> key, bool reverse, int line)
    {
        IComparer<object?> order = Comparer<object?>.Create((x, y) => TemplateValues.Compare(x, y, line));
        try
        {
            return [.. reverse ? items.OrderByDescending(key, order) : items.OrderBy(key, order)];
        }
        catch (InvalidOperationException e) when (e.InnerException is InvalidDataException inner) // LINQ wraps what a comparer throws
        {
            throw inner;
        }
    }

    private static object? Key(object? item, object? path, bool isCaseSensitive, int line)
    {
        object? value = path is null ? item : TemplateFilters.Path(item, path, line);
        return value is string text && !isCaseSensitive ? text.ToLowerInvariant() : value;
    }

    private static TemplateList Unique(object? value, CallArguments a)
    {
        List<object?> kept = [], keys = [];
        foreach (object? item in TemplateValues.Iterate(value, a.Line))
        {
            object? key = Key(item, a.Get(1, "attribute"), a.GetBoolean(0, "case_sensitive", false), a.Line);
            if (keys.Exists(other => TemplateValues.AreEqual(other, key))) continue;
            keys.Add(key);
            kept.Add(item);
        }
        return new TemplateList(kept, isGenerator: true);
    }

    private static object? Extreme(object? value, CallArguments a, bool isMax)
    {
        List<object?> sorted = Sort(TemplateValues.Iterate(value, a.Line), item => Key(item, a.Get(1, "attribute"), a.GetBoolean(0, "case_sensitive", false), a.Line), isMax, a.Line);
        return sorted.Count > 0 ? sorted[0] : new Undefined("the extreme of nothing");
    }
}
