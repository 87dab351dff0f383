namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The variable <c>loop</c> of a for-loop, made anew for each round.</summary>
internal static class TemplateLoop
{
    /// <summary>Where a recursive loop keeps what loop(...) calls; no name that a template can write.</summary>
    public const string CallName = "()";

    /// <param name="items">All items of the loop.</param>
    /// <param name="index">The round, from 0.</param>
    /// <param name="depth">How deep a recursive loop is, from 0.</param>
    /// <param name="again">Runs a recursive loop over other items, or null.</param>
    /// <param name="changed">What loop.changed() was last called with; lives as long as the loop.</param>
    public static TemplateNamespace At(IReadOnlyList<object?> items, int index, int depth, TemplateFunction? again, List<object?> changed)
    {
        TemplateNamespace loop = new();
        (string Name, object? Value)[] values =
        [
            ("index", index + 1L), ("index0", (long)index), ("revindex", (long)items.Count - index), ("revindex0", items.Count - index - 1L),
            ("first", index == 0), ("last", index == items.Count - 1), ("length", (long)items.Count), ("depth", depth + 1L), ("depth0", (long)depth),
            ("previtem", index > 0 ? items[index - 1] : new Undefined("loop.previtem")),
            ("nextitem", index + 1 < items.Count ? items[index + 1] : new Undefined("loop.nextitem")),
            ("cycle", (TemplateFunction)(a => a.Positional.Count > 0 ? a.Positional[index % a.Positional.Count] : throw TemplateErrors.At(a.Line, "cycle: nothing to cycle through."))),
            ("changed", (TemplateFunction)(a => Changed(changed, a))),
        ];
        foreach ((string name, object? value) in values) loop.Items[name] = value;
        if (again is not null) loop.Items[CallName] = again;
        return loop;
    }

    private static object Changed(List<object?> last, CallArguments arguments)
    {
        TemplateList now = new([.. arguments.Positional]);
        bool differs = last.Count == 0 || !TemplateValues.AreEqual(last[0], now);
        last.Clear();
        last.Add(now);
        return differs;
    }
}
