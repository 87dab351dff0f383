namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The functions that every chat template may call.</summary>
internal static class TemplateGlobals
{
    /// <summary>A scope with range, namespace, dict, raise_exception and strftime_now.</summary>
    public static TemplateScope Create(DateTime now)
    {
        TemplateScope scope = new(null);
        scope.Set("range", (TemplateFunction)Range);
        scope.Set("namespace", (TemplateFunction)Namespace);
        scope.Set("dict", (TemplateFunction)Dictionary);
        scope.Set("raise_exception", (TemplateFunction)(a => throw new ArgumentException(TemplateValues.ToText(a.Get(0, "message", "")))));
        scope.Set("strftime_now", (TemplateFunction)(a => TemplateFormat.Date(now, a.GetString(0, "format"))));
        return scope;
    }

    private static TemplateList Range(CallArguments a)
    {
        int start = a.Positional.Count > 1 ? a.GetInt32(0, "start", 0) : 0;
        int stop = a.Positional.Count > 1 ? a.GetInt32(1, "stop", 0) : a.GetInt32(0, "stop", 0);
        int step = a.GetInt32(2, "step", 1);
        if (step == 0) throw TemplateErrors.At(a.Line, "range: the step is 0.");
        long count = Math.Max(0, ((long)stop - start + step - Math.Sign(step)) / step);
        if (count > 100_000) throw TemplateErrors.At(a.Line, $"range: {count} numbers; at most 100000 are allowed."); // Jinja's sandbox has the same limit
        List<object?> numbers = new((int)count);
        for (int i = 0; i < count; i++) numbers.Add(start + (long)i * step);
        return new TemplateList(numbers);
    }

    private static TemplateNamespace Namespace(CallArguments a)
    {
        TemplateNamespace space = new();
        if (a.Get(0, "") is TemplateMap map)
            foreach ((object key, object? value) in map.Items) space.Items[TemplateValues.ToText(key)] = value;
        foreach ((string name, object? value) in a.Named) space.Items[name] = value;
        return space;
    }

    private static TemplateMap Dictionary(CallArguments a)
    {
        TemplateMap result = new();
        if (a.Get(0, "") is TemplateMap map)
            foreach ((object key, object? value) in map.Items) result.Items[key] = value;
        foreach ((string name, object? value) in a.Named) result.Items[name] = value;
        return result;
    }
}
