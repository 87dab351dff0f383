using System.Globalization;
using System.Text;

namespace LlmFromScratch.Cli;

/// <summary>Text from files as one line that a terminal shows and does not obey: what would move the cursor, colour or reorder text is spelled out.</summary>
internal static class Printable
{
    public static string Line(string text, int most)
    {
        StringBuilder shown = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, most)))
        {
            if (c == '\n') shown.Append("\\n");
            else if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069')
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else shown.Append(c);
        }
        return text.Length <= most ? shown.ToString() : string.Create(CultureInfo.InvariantCulture, $"{shown}... ({text.Length} characters)");
    }
}
