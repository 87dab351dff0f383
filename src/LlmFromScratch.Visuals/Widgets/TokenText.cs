using System.Text;
using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// The bytes of a token as a reader can see them: text as it is, a space as ·, a line break as ↵, and bytes that are no whole UTF-8
/// character as two hexadecimal digits each.
/// </summary>
internal static class TokenText
{
    /// <summary>One stretch of a token: Kind is "text", "space" (a picture of something invisible) or "hex".</summary>
    public readonly record struct Part(string Kind, string Text);

    /// <summary>Splits the bytes into stretches of one kind.</summary>
    public static IReadOnlyList<Part> Split(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<Part>();
        while (bytes.Length > 0)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (valid) Append(parts, Show(rune));
            else foreach (byte value in bytes[..length]) parts.Add(new Part("hex", value.ToString("X2")));
            bytes = bytes[length..];
        }
        return parts;
    }

    /// <summary>The stretches of a text; half of a surrogate pair shows as U+FFFD.</summary>
    public static IReadOnlyList<Part> Split(string text) => Split(Encoding.UTF8.GetBytes(text));

    /// <summary>All stretches joined: the label of the token in a still picture.</summary>
    public static string Visible(IEnumerable<Part> parts) => string.Concat(parts.Select(part => part.Text));

    /// <summary>Writes stretches as <c>[["space","·"],["text","the"]]</c>.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<Part> parts)
    {
        json.WriteStartArray();
        foreach (Part part in parts)
        {
            json.WriteStartArray();
            json.WriteStringValue(part.Kind);
            json.WriteStringValue(part.Text);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static Part Show(Rune rune) => rune.Value switch
    {
        ' ' => new("space", "·"),
        '\n' => new("space", "↵"),
        '\t' => new("space", "⇥"),
        0xA0 => new("space", "⍽"), // the space that does not break
        < 0x20 or 0x7F => new("space", Markup.Clean(rune.ToString())),
        _ => new("text", Markup.Clean(rune.ToString())),
    };

    private static void Append(List<Part> parts, Part next)
    {
        if (parts.Count > 0 && parts[^1].Kind == next.Kind) parts[^1] = new(next.Kind, parts[^1].Text + next.Text);
        else parts.Add(next);
    }
}
