using System.Globalization;
using System.Text;

namespace LlmFromScratch.Cli;

/// <summary>Text from files and models that a terminal shows and does not obey: what would move the cursor, colour or reorder text is spelled out.</summary>
internal static class Printable
{
    /// <summary>As one line of at most so many characters.</summary>
    public static string Line(string text, int most)
    {
        StringBuilder shown = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, most)))
        {
            if (c == '\n') shown.Append("\\n");
            else Append(shown, c);
        }
        return text.Length <= most ? shown.ToString() : string.Create(CultureInfo.InvariantCulture, $"{shown}... ({text.Length} characters)");
    }

    /// <summary>As it is but for what a terminal would obey; lines and tabs stay.</summary>
    public static string Text(string text)
    {
        StringBuilder shown = new();
        foreach (char c in text)
        {
            if (c is '\n' or '\t') shown.Append(c);
            else Append(shown, c);
        }
        return shown.ToString();
    }

    private static void Append(StringBuilder shown, char c)
    {
        if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069')
            shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        else shown.Append(c);
    }
}
