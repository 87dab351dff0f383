using System.Globalization;
using System.Text;

namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The filter <c>tojson</c>: what Python's json.dumps writes, characters outside ASCII as they are unless asked otherwise.</summary>
internal sealed class TemplateJson(int indent, string itemSeparator, string keySeparator, bool escapesUnicode, bool sortsKeys, int line)
{
    private const int DeepestNesting = 200;

    private readonly StringBuilder _text = new();

    /// <summary>The JSON of a value.</summary>
    public static string Write(object? value, CallArguments arguments)
    {
        int indent = arguments.Get(0, "indent") is null ? -1 : arguments.GetInt32(0, "indent", -1);
        bool escapes = arguments.GetBoolean(1, "ensure_ascii", false), sorts = arguments.GetBoolean(3, "sort_keys", false);
        string item = indent < 0 ? ", " : ",", key = ": ";
        if (arguments.Get(2, "separators") is TemplateList { Items: [string i, string k] }) (item, key) = (i, k);
        TemplateJson json = new(indent, item, key, escapes, sorts, arguments.Line);
        json.Write(value, 0);
        return json._text.ToString();
    }

    private void Write(object? value, int depth)
    {
        if (depth > DeepestNesting) throw TemplateErrors.At(line, $"tojson: nested more than {DeepestNesting} deep.");
        switch (value)
        {
            case null: _text.Append("null"); break;
            case bool b: _text.Append(b ? "true" : "false"); break;
            case long n: _text.Append(n); break;
            case double d: _text.Append(double.IsNaN(d) ? "NaN" : double.IsInfinity(d) ? d > 0 ? "Infinity" : "-Infinity" : TemplateValues.ToText(d)); break;
            case string s: WriteString(s); break;
            case TemplateList { IsGenerator: false } list: WriteItems('[', ']', list.Items, depth, item => Write(item, depth + 1)); break;
            case TemplateMap map:
                IEnumerable<KeyValuePair<object, object?>> items = sortsKeys ? map.Items.OrderBy(item => TemplateValues.ToText(item.Key), StringComparer.Ordinal) : map.Items;
                WriteItems('{', '}', [.. items], depth, item =>
                {
                    WriteString(item.Key is string key ? key : TemplateValues.ToText(item.Key));
                    _text.Append(keySeparator);
                    Write(item.Value, depth + 1);
                });
                break;
            default: throw TemplateErrors.At(line, $"tojson: {TemplateValues.TypeName(value)} has no JSON.");
        }
    }

    private void WriteItems<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> write)
    {
        _text.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) _text.Append(itemSeparator);
            NewLine(depth + 1);
            write(items[i]);
            if (_text.Length > TemplateLimits.MostCharacters) throw TemplateErrors.At(line, $"tojson: more than {TemplateLimits.MostCharacters} characters.");
        }
        if (items.Count > 0) NewLine(depth);
        _text.Append(close);
    }

    private void NewLine(int depth)
    {
        if (indent >= 0) _text.Append('\n').Append(' ', Math.Min(indent, 100) * depth);
    }

    private void WriteString(string text)
    {
        _text.Append('"');
        foreach (char c in text)
        {
            int known = "\"\\\n\r\t\b\f".IndexOf(c);
            if (known >= 0) _text.Append('\\').Append("\"\\nrtbf"[known]);
            else if (c < ' ' || (escapesUnicode && c > '~' && !ControlGuard.IsGuard(c))) _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else _text.Append(c);
        }
        _text.Append('"');
    }
}
