using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmFromScratch.Notebooks.Model;

/// <summary>
/// JSON as Jupyter itself writes it: keys sorted, one space of indent a level, unescaped Unicode, LF. System.Text.Json's writer escapes
/// more than Python's does, so a notebook saved by both would change bytes; this one keeps them equal.
/// Source: nbformat/v4/nbjson.py (<c>json.dumps(sort_keys=True, indent=1, ensure_ascii=False)</c>).
/// </summary>
internal static class NotebookJson
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of <paramref name="node"/>, with a newline at its end.</summary>
    public static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        WriteValue(text, node, depth: 0);
        return text.Append('\n').ToString();
    }

    /// <summary>The compact text of one value, for messages: cut after 60 characters.</summary>
    public static string Brief(JsonNode? node)
    {
        string text = node?.ToJsonString(Readable) ?? "null";
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    /// <summary>nbformat's multi-line string: every line with its newline as one element; an empty text has no element.</summary>
    public static JsonArray ToLines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int newline = text.IndexOf('\n', start);
            int end = newline < 0 ? text.Length : newline + 1;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }

    /// <summary>The text of a multi-line string, which nbformat allows as one string too; null when it is neither.</summary>
    public static string? FromLines(JsonNode? node)
    {
        if (node is JsonValue && node.GetValueKind() == JsonValueKind.String)
            return node.GetValue<string>();
        if (node is not JsonArray lines || lines.Any(line => line?.GetValueKind() != JsonValueKind.String))
            return null;
        return string.Concat(lines.Select(line => line!.GetValue<string>())); // no null: the line above saw that each is a string
    }

    private static void WriteValue(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                WriteItems(text, '{', '}', depth, members.OrderBy(member => member.Key, StringComparer.Ordinal), member =>
                {
                    WriteString(text, member.Key);
                    text.Append(": ");
                    WriteValue(text, member.Value, depth + 1);
                });
                break;
            case JsonArray items:
                WriteItems(text, '[', ']', depth, items, item => WriteValue(text, item, depth + 1));
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                    WriteString(text, node.GetValue<string>());
                else
                    text.Append(node.ToJsonString());
                break;
        }
    }

    private static void WriteItems<T>(StringBuilder text, char open, char close, int depth, IEnumerable<T> items, Action<T> write)
    {
        text.Append(open);
        bool any = false;
        foreach (T item in items)
        {
            text.Append(any ? ",\n" : "\n").Append(' ', depth + 1);
            write(item);
            any = true;
        }
        if (any)
            text.Append('\n').Append(' ', depth);
        text.Append(close);
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        }
        text.Append('"');
    }
}
