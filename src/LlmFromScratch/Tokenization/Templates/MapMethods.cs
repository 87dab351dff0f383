namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The methods of dictionaries.</summary>
internal static class MapMethods
{
    public static TemplateFunction? Find(TemplateMap map, string name) => name switch
    {
        "get" => a => a.Get(0, "key") is { } key && map.Items.TryGetValue(key, out object? value) ? value : a.Get(1, "default"),
        "items" => _ => Items(map),
        "keys" => _ => new TemplateList([.. map.Items.Keys]),
        "values" => _ => new TemplateList([.. map.Items.Values]),
        "copy" => _ => Merge(new TemplateMap(), map),
        "update" => a => a.Get(0, "other") is TemplateMap other ? NoneAfter(Merge(map, other)) : throw TemplateErrors.At(a.Line, "update expects a mapping."),
        "setdefault" => a => map.Items.TryGetValue(Key(a), out object? value) ? value : map.Items[Key(a)] = a.Get(1, "default"),
        "pop" => a => map.Items.Remove(Key(a), out object? value) ? value
            : a.Has(1, "default") ? a.Get(1, "default") : throw TemplateErrors.At(a.Line, $"pop: there is no {TemplateValues.Represent(Key(a))}."),
        _ => null,
    };

    /// <summary>The pairs of key and value.</summary>
    public static TemplateList Items(TemplateMap map) => new([.. map.Items.Select(item => new TemplateList([item.Key, item.Value], isTuple: true))]);

    private static object Key(CallArguments arguments) => arguments.Get(0, "key") ?? throw TemplateErrors.At(arguments.Line, "a key is none.");

    private static TemplateMap Merge(TemplateMap map, TemplateMap other)
    {
        foreach ((object key, object? value) in other.Items.ToArray()) map.Items[key] = value;
        return map;
    }

    private static object? NoneAfter(TemplateMap _) => null;
}
