using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The methods of strings, as Python has them.</summary>
internal static class StringMethods
{
    public static TemplateFunction? Find(string text, string name) => name switch
    {
        "strip" => a => Strip(text, a, start: true, end: true),
        "lstrip" => a => Strip(text, a, start: true, end: false),
        "rstrip" => a => Strip(text, a, start: false, end: true),
        "split" => a => Split(text, a, fromEnd: false),
        "rsplit" => a => Split(text, a, fromEnd: true),
        "splitlines" => _ => new TemplateList([.. Lines(text)]),
        "partition" => a => Partition(text, a.GetString(0, "sep"), text.IndexOf(a.GetString(0, "sep"), StringComparison.Ordinal), atEnd: false),
        "rpartition" => a => Partition(text, a.GetString(0, "sep"), text.LastIndexOf(a.GetString(0, "sep"), StringComparison.Ordinal), atEnd: true),
        "startswith" => a => Prefixes(a).Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        "endswith" => a => Prefixes(a).Any(suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        "removeprefix" => a => text.StartsWith(a.GetString(0, "prefix"), StringComparison.Ordinal) ? text[a.GetString(0, "prefix").Length..] : text,
        "removesuffix" => a => text.EndsWith(a.GetString(0, "suffix"), StringComparison.Ordinal) ? text[..^a.GetString(0, "suffix").Length] : text,
        "replace" => a => Replace(text, a.GetString(0, "old"), a.GetString(1, "new"), a.GetInt32(2, "count", -1), a.Line),
        "lower" => _ => text.ToLowerInvariant(),
        "upper" => _ => text.ToUpperInvariant(),
        "title" => _ => Title(text),
        "capitalize" => _ => Capitalize(text),
        "join" => a => Join(text, TemplateValues.Iterate(a.Get(0, "items"), a.Line), a.Line),
        "find" => a => (long)text.IndexOf(a.GetString(0, "sub"), StringComparison.Ordinal),
        "rfind" => a => (long)text.LastIndexOf(a.GetString(0, "sub"), StringComparison.Ordinal),
        "index" => a => text.IndexOf(a.GetString(0, "sub"), StringComparison.Ordinal) is >= 0 and int at ? (long)at : throw TemplateErrors.At(a.Line, "index: not found."),
        "count" => a => a.GetString(0, "sub") is { Length: > 0 } sub ? (long)(text.Split(sub).Length - 1) : TemplateValues.Length(text, a.Line) + 1,
        "format" => a => TemplateFormat.Braces(text, a),
        "isdigit" or "isnumeric" or "isdecimal" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        "isalnum" => _ => text.Length > 0 && text.All(char.IsLetterOrDigit),
        "isspace" => _ => text.Length > 0 && text.All(char.IsWhiteSpace),
        "isupper" => _ => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "islower" => _ => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        "zfill" => a => text.PadLeft(Math.Clamp(a.GetInt32(0, "width", 0), 0, 10_000), '0'),
        _ => null,
    };

    /// <summary>The first <paramref name="count"/> occurrences replaced; all of them where it is negative.</summary>
    public static string Replace(string text, string old, string with, int count, int line)
    {
        string[] parts = old.Length > 0 ? text.Split(old, count < 0 ? int.MaxValue : count + 1)
            : ["", .. TemplateValues.Characters(text).Cast<string>(), ""]; // Python puts it between all characters
        if (old.Length == 0 && text.Length == 0) parts = ["", ""];
        TemplateLimits.CheckLength(text.Length + (long)parts.Length * with.Length, line);
        return string.Join(with, parts);
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? "" : char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..].ToLowerInvariant();

    /// <summary>Every word with a capital; a word starts behind anything that is no letter.</summary>
    public static string Title(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (char c in text)
            result.Append(result.Length > 0 && char.IsLetter(result[^1]) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
        return result.ToString();
    }

    public static string Join(string separator, List<object?> items, int line)
    {
        string[] parts = [.. items.Select(TemplateValues.ToText)];
        TemplateLimits.CheckLength(parts.Sum(part => (long)part.Length + separator.Length), line);
        return string.Join(separator, parts);
    }

    /// <summary>The lines of a text, without their ends; a last line end starts no further one.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    public static string Strip(string text, string? characters, bool start, bool end)
    {
        int from = 0, to = text.Length;
        while (start && from < to && IsStripped(text[from])) from++;
        while (end && to > from && IsStripped(text[to - 1])) to--;
        return text[from..to];

        bool IsStripped(char c) => characters is null ? char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F' : characters.Contains(c); // Python counts the separators too
    }

    private static string Strip(string text, CallArguments arguments, bool start, bool end) =>
        Strip(text, arguments.Get(0, "chars") is null ? null : arguments.GetString(0, "chars"), start, end);

    private static IEnumerable<string> Prefixes(CallArguments arguments) => arguments.Get(0, "prefix") is TemplateList list
        ? list.Items.OfType<string>()
        : [arguments.GetString(0, "prefix")];

    private static TemplateList Split(string text, CallArguments arguments, bool fromEnd)
    {
        int most = arguments.GetInt32(1, "maxsplit", -1);
        if (arguments.Get(0, "sep") is null) return new TemplateList([.. SplitAtSpaces(text, most, fromEnd)]);
        string separator = arguments.GetString(0, "sep");
        if (separator.Length == 0) throw TemplateErrors.At(arguments.Line, "split: the separator is empty.");
        if (!fromEnd || most < 0) return new TemplateList([.. text.Split(separator, most < 0 ? int.MaxValue : most + 1)]);
        List<object?> parts = [];
        while (most-- > 0 && text.LastIndexOf(separator, StringComparison.Ordinal) is >= 0 and int at)
        {
            parts.Insert(0, text[(at + separator.Length)..]);
            text = text[..at];
        }
        parts.Insert(0, text);
        return new TemplateList(parts);
    }

    private static IEnumerable<string> SplitAtSpaces(string text, int most, bool fromEnd)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (most < 0 || words.Length <= most) return words;
        if (fromEnd) throw new NotSupportedException("Chat template: rsplit at white space with a limit is not supported.");
        List<string> result = [];
        string rest = text.TrimStart();
        for (int i = 0; i < most; i++)
        {
            result.Add(words[i]);
            rest = rest[words[i].Length..].TrimStart();
        }
        if (rest.Length > 0) result.Add(rest);
        return result;
    }

    private static TemplateList Partition(string text, string separator, int at, bool atEnd) => new(
        at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]] : atEnd ? ["", "", text] : [text, "", ""], isTuple: true);
}
