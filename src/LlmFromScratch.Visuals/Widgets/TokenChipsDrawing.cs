using System.Globalization;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>Draws chips row by row, like text that wraps.</summary>
internal static class TokenChipsDrawing
{
    private const double Width = 720, Margin = 20, ChipHeight = 30, RowHeight = 62, Gap = 6;

    /// <summary>One chip for each label with its id below, and the summary above.</summary>
    public static string Draw(string[] labels, int[] ids, string summary)
    {
        double[] widths = [.. labels.Select((label, i) => Math.Max(MonospacedWidth(label, 14) + 16, MonospacedWidth(IdText(ids[i]), 11) + 6))];
        var corners = new (double X, double Y)[labels.Length];
        (double x, double y) = (Margin, 48);
        for (int i = 0; i < labels.Length; i++)
        {
            if (x > Margin && x + widths[i] > Width - Margin) (x, y) = (Margin, y + RowHeight);
            corners[i] = (x, y);
            x += widths[i] + Gap;
        }

        var canvas = new SvgCanvas(Width, y + RowHeight, summary);
        canvas.Text(Margin, 30, summary, SvgPaint.Muted, 13);
        for (int i = 0; i < labels.Length; i++)
        {
            double middle = corners[i].X + widths[i] / 2;
            canvas.Rect(corners[i].X, corners[i].Y, widths[i], ChipHeight, SvgPaint.Fill(i % 4), radius: 6, opacity: 0.18, hover: $"{labels[i]}: {IdText(ids[i])}");
            canvas.Text(middle, corners[i].Y + 20, labels[i], SvgPaint.Ink, 14, "middle", mono: true);
            canvas.Text(middle, corners[i].Y + ChipHeight + 15, IdText(ids[i]), SvgPaint.Muted, 11, "middle", mono: true);
        }
        return canvas.ToString();
    }

    private static string IdText(int id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Monospaced fonts are 0.6 of their size wide; East Asian characters take a whole square.</summary>
    private static double MonospacedWidth(string text, double size) => text.EnumerateRunes().Sum(rune => rune.Value is >= 0x1100 and not (>= 0x2000 and < 0x2E80) ? 1.0 : 0.61) * size;
}
