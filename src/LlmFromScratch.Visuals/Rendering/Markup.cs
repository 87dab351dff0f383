using System.Text;

namespace LlmFromScratch.Visuals.Rendering;

/// <summary>Any text, made safe for XML and HTML. Token text is hostile by nature: it holds quotes, tags, control bytes and half characters.</summary>
internal static class Markup
{
    /// <summary>Escapes what has a meaning in markup, also inside a quoted attribute.</summary>
    public static string Escape(string text) => Clean(text)
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");

    /// <summary>
    /// Replaces what no XML document may hold: a control character becomes its picture (U+2400 and up), half of a surrogate pair becomes U+FFFD.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) // gives U+FFFD for half a pair
        {
            if (rune.Value < 0x20) clean.Append((char)(0x2400 + rune.Value));
            else if (rune.Value == 0x7F) clean.Append('\u2421');
            else if (rune.Value is 0xFFFE or 0xFFFF or (>= 0x80 and < 0xA0)) clean.Append('\uFFFD');
            else clean.Append(rune);
        }
        return clean.ToString();
    }
}
