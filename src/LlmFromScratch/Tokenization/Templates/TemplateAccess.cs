namespace LlmFromScratch.Tokenization.Templates;

/// <summary>Attributes and items of values: <c>a.b</c> looks for a method first and <c>a['b']</c> for an item first, as Jinja does.</summary>
internal static class TemplateAccess
{
    public static object? Attribute(object? target, string name, int line)
    {
        switch (target)
        {
            case Undefined missing: throw TemplateErrors.At(line, $"{missing}; it has no attribute '{name}'.");
            case TemplateNamespace space: return space.Items.TryGetValue(name, out object? value) ? value : new Undefined(name);
            case TemplateMap map: return MapMethods.Find(map, name) ?? (map.Items.TryGetValue(name, out object? item) ? item : new Undefined(name));
            default: return Method(target, name) ?? new Undefined(name) as object;
        }
    }

    public static object? Item(object? target, object? key, int line)
    {
        switch (target)
        {
            case Undefined missing: throw TemplateErrors.At(line, $"{missing}; it has no item {TemplateValues.Represent(key)}.");
            case TemplateMap map when key is not null && map.Items.TryGetValue(key, out object? value): return value;
            case TemplateList { IsGenerator: false } list when key is long or bool: return At(list.Items, key);
            case string text when key is long or bool: return At(TemplateValues.Characters(text), key);
        }
        return key is string name ? Attribute(target, name, line) : new Undefined(TemplateValues.ToText(key));
    }

    private static object? At(List<object?> items, object key)
    {
        long index = key is bool b ? b ? 1 : 0 : (long)key;
        if (index < 0) index += items.Count;
        return index >= 0 && index < items.Count ? items[(int)index] : new Undefined($"item {index}");
    }

    private static TemplateFunction? Method(object? target, string name) => target switch
    {
        string text => StringMethods.Find(text, name),
        TemplateList { IsGenerator: false } list => ListMethods.Find(list, name),
        _ => null,
    };
}
