using System.Text.Json;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>A name that has no value: prints as nothing, is false, has no items; its attributes and calls are errors.</summary>
internal sealed record Undefined(string Name)
{
    public override string ToString() => $"'{Name}' is undefined";
}

/// <summary>A list; a tuple, which only prints otherwise; or a generator, which has items but neither a length nor places, and no JSON.</summary>
internal sealed class TemplateList(List<object?> items, bool isTuple = false, bool isGenerator = false)
{
    public List<object?> Items => items;

    public bool IsTuple => isTuple;

    public bool IsGenerator => isGenerator;
}

/// <summary>A dictionary in the order of its keys' arrival; keys are strings or numbers.</summary>
internal sealed class TemplateMap
{
    public OrderedDictionary<object, object?> Items { get; } = [];
}

/// <summary>Variables that a loop can change for the outside: <c>namespace(...)</c>.</summary>
internal sealed class TemplateNamespace
{
    public Dictionary<string, object?> Items { get; } = new(StringComparer.Ordinal);
}

/// <summary>Something that can be called: a macro, a method, a function.</summary>
internal delegate object? TemplateFunction(CallArguments arguments);

/// <summary>The values that a call was given.</summary>
internal sealed record CallArguments(List<object?> Positional, Dictionary<string, object?> Named, int Line)
{
    /// <summary>The argument at a place or of a name; the fallback where there is none.</summary>
    public object? Get(int index, string name, object? fallback = null) =>
        index < Positional.Count ? Positional[index] : Named.TryGetValue(name, out object? value) ? value : fallback;

    public bool Has(int index, string name) => index < Positional.Count || Named.ContainsKey(name);

    public string GetString(int index, string name, string? fallback = null) => Get(index, name, fallback) switch
    {
        string text => text,
        null when !Has(index, name) || fallback is null => throw TemplateErrors.At(Line, $"expected a string as argument '{name}', got none."),
        object other => throw TemplateErrors.At(Line, $"expected a string as argument '{name}', got {TemplateValues.TypeName(other)}."),
        null => fallback!, // not null: the case above
    };

    public int GetInt32(int index, string name, int fallback) => Get(index, name) switch
    {
        null => fallback,
        long value and >= int.MinValue and <= int.MaxValue => (int)value,
        bool value => value ? 1 : 0,
        object other => throw TemplateErrors.At(Line, $"expected a whole number as argument '{name}', got {TemplateValues.ToText(other)}."),
    };

    public bool GetBoolean(int index, string name, bool fallback) => Has(index, name) ? TemplateValues.IsTrue(Get(index, name)) : fallback;
}

/// <summary>Values from outside.</summary>
internal static class TemplateInput
{
    /// <summary>A value of JSON as a template sees it; every string passes through <paramref name="onText"/>.</summary>
    public static object? FromJson(JsonElement element, Func<string, string> onText)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                TemplateMap map = new();
                foreach (JsonProperty property in element.EnumerateObject()) map.Items[onText(property.Name)] = FromJson(property.Value, onText);
                return map;
            case JsonValueKind.Array: return new TemplateList([.. element.EnumerateArray().Select(item => FromJson(item, onText))]);
            case JsonValueKind.String: return onText(element.GetString()!); // not null: it is a string
            case JsonValueKind.Number: return element.TryGetInt64(out long whole) ? (object)whole : element.GetDouble();
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            default: return null;
        }
    }
}
