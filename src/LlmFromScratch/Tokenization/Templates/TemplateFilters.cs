using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The filters that chat templates use: <c>value | name(arguments)</c>. Source: the list of built-in filters in the Jinja 3.1 documentation.</summary>
internal static class TemplateFilters
{
    public static object? Apply(ExpressionEvaluator evaluator, string name, object? value, CallArguments a)
    {
        int line = a.Line;
        switch (name)
        {
            case "trim" or "strip": return StringMethods.Strip(Text(value), a.Get(0, "chars") is null ? null : a.GetString(0, "chars"), start: true, end: true);
            case "upper": return Text(value).ToUpperInvariant();
            case "lower": return Text(value).ToLowerInvariant();
            case "title": return StringMethods.Title(Text(value));
            case "capitalize": return StringMethods.Capitalize(Text(value));
            case "string": return Text(value);
            case "safe": return value;
            case "escape" or "e" or "forceescape": return Escape(Text(value));
            case "length" or "count": return TemplateValues.Length(value, line);
            case "tojson": return TemplateJson.Write(value, a);
            case "default" or "d": return value is Undefined || (a.GetBoolean(1, "boolean", false) && !TemplateValues.IsTrue(value)) ? a.Get(0, "default_value", "") : value;
            case "join":
                List<object?> items = TemplateValues.Iterate(value, line);
                if (a.Get(1, "attribute") is { } attribute) items = [.. items.Select(item => Path(item, attribute, line))];
                return StringMethods.Join(a.Get(0, "d") is null ? "" : a.GetString(0, "d"), items, line);
            case "replace": return StringMethods.Replace(Text(value), a.GetString(0, "old"), a.GetString(1, "new"), a.GetInt32(2, "count", -1), line);
            case "indent": return Indent(Text(value), a);
            case "format": return TemplateFormat.Percent(Text(value), a.Positional, line);
            case "int": return ToInt(value, a);
            case "float": return value is string s ? double.TryParse(s, CultureInfo.InvariantCulture, out double d) ? d : a.Get(0, "default", 0.0) : TemplateValues.ToDouble(value);
            case "abs": return value is long n ? (object)Math.Abs(n) : Math.Abs(TemplateValues.ToDouble(value));
            case "round": return Round(value, a);
            case "wordcount": return (long)Text(value).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
            case "attr": return TemplateAccess.Attribute(value, a.GetString(0, "name"), line);
            case "truncate" or "pprint" or "urlencode" or "xmlattr" or "groupby" or "batch" or "slice" or "random" or "filesizeformat" or "striptags" or "center":
                throw TemplateErrors.Unsupported(line, $"the filter '{name}'");
            default: return SequenceFilters.Apply(evaluator, name, value, a);
        }
    }

    /// <summary>An attribute of an item; dots lead deeper, numbers are places.</summary>
    public static object? Path(object? item, object? path, int line)
    {
        if (path is not string text) return TemplateAccess.Item(item, path, line);
        foreach (string name in text.Split('.'))
            item = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long index)
                ? TemplateAccess.Item(item, index, line) : TemplateAccess.Item(item, name, line);
        return item;
    }

    private static string Text(object? value) => TemplateValues.ToText(value);

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);

    private static string Indent(string text, CallArguments a)
    {
        string indent = a.Get(0, "width") is string own ? own : new string(' ', Math.Clamp(a.GetInt32(0, "width", 4), 0, 1000));
        bool first = a.GetBoolean(1, "first", false), blank = a.GetBoolean(2, "blank", false);
        string[] lines = text.Split('\n');
        TemplateLimits.CheckLength(text.Length + (long)lines.Length * indent.Length, a.Line);
        StringBuilder result = new();
        for (int i = 0; i < lines.Length; i++)
        {
            if (i > 0) result.Append('\n');
            if (i == 0 ? first : blank || lines[i].Length > 0) result.Append(indent);
            result.Append(lines[i]);
        }
        return result.ToString();
    }

    private static object? ToInt(object? value, CallArguments a)
    {
        object? fallback = a.Get(0, "default", 0L);
        switch (value)
        {
            case bool b: return b ? 1L : 0L;
            case long n: return n;
            case double d: return Math.Abs(d) < long.MaxValue ? (long)d : fallback;
            case string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole): return whole;
            case string text when double.TryParse(text, CultureInfo.InvariantCulture, out double real) && Math.Abs(real) < long.MaxValue: return (long)real;
            default: return fallback;
        }
    }

    private static double Round(object? value, CallArguments a)
    {
        double number = TemplateValues.ToDouble(value), scale = 1;
        for (int i = Math.Clamp(a.GetInt32(0, "precision", 0), 0, 15); i > 0; i--) scale *= 10;
        return (a.Has(1, "method") ? a.GetString(1, "method") : "common") switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ => Math.Round(number * scale, MidpointRounding.ToEven) / scale,
        };
    }
}
