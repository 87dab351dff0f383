using System.Collections;
using System.Globalization;
using System.Text;

namespace LlmFromScratch.Notebooks.Formatting;

/// <summary>
/// A value as <c>text/plain</c>, when nothing better is known: strings raw, numbers in the invariant culture, collections in the manner of
/// the C# REPL (<c>int[3] { 1, 2, 3 }</c>) up to <see cref="ItemLimit"/> items, everything else by its own <c>ToString</c>.
/// </summary>
internal static class PlainText
{
    /// <summary>Items of a collection that are shown; a wall of numbers teaches nobody.</summary>
    public const int ItemLimit = 20;

    private const int DepthLimit = 3; // a jagged array of jagged arrays; deeper than this is a cycle or unreadable

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(char)] = "char",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    /// <summary>The text of <paramref name="value"/>.</summary>
    public static string Format(object? value) => value switch
    {
        null => "null",
        string text => text,
        _ => FormatNested(value, depth: 0),
    };

    /// <summary>Whether <paramref name="type"/> says something about itself, beyond its name.</summary>
    public static bool OverridesToString(Type type)
    {
        Type? owner = type.GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType;
        return owner is not null && owner != typeof(object) && owner != typeof(ValueType);
    }

    private static string FormatNested(object? value, int depth) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        char character => $"'{character}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items when !OverridesToString(value.GetType()) => depth < DepthLimit ? FormatItems(items, depth) : "{ ... }",
        _ => value.ToString() ?? "",
    };

    private static string FormatItems(IEnumerable items, int depth)
    {
        int? count = (items as ICollection)?.Count;
        var text = new StringBuilder(Heading(items, count)).Append(" {");
        int shown = 0;
        foreach (object? item in items)
        {
            text.Append(shown == 0 ? " " : ", ");
            if (shown == ItemLimit)
            {
                text.Append("...").Append(count is { } total ? $" {total - shown} more" : "");
                break;
            }
            text.Append(item is DictionaryEntry entry
                ? $"[{FormatNested(entry.Key, depth + 1)}] = {FormatNested(entry.Value, depth + 1)}"
                : FormatNested(item, depth + 1));
            shown++;
        }
        return text.Append(" }").ToString();
    }

    private static string Heading(IEnumerable items, int? count)
    {
        Type type = items.GetType();
        if (items is Array array)
        {
            string sizes = string.Join(", ", Enumerable.Range(0, array.Rank).Select(array.GetLength));
            return $"{NameOf(type.GetElementType()!)}[{sizes}]"; // an array has an element type
        }
        if (count is not null)
            return $"{NameOf(type)}({count})";
        // A lazy sequence's own type is a compiler's or LINQ's private name, which changes between releases.
        Type? sequence = type.GetInterfaces().FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        return NameOf(sequence ?? typeof(IEnumerable));
    }

    private static string NameOf(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword;
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"; // an array has an element type
        if (!type.IsGenericType)
            return type.Name;
        string name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
