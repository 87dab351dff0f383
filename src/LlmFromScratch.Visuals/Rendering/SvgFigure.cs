using LlmFromScratch.Visuals.Plots;

namespace LlmFromScratch.Visuals.Rendering;

/// <summary>The page around a plot: title, legend, then the plot itself, from top to bottom.</summary>
internal static class SvgFigure
{
    private const double Margin = 16;

    /// <summary>Draws the whole figure.</summary>
    public static string Draw(Plot plot, FigureOptions options) => Canvas(plot, options, withLegend: true).ToString();

    /// <summary>The drawn figure, to stand alone or in a larger one, which then has the legend.</summary>
    public static SvgCanvas Canvas(Plot plot, FigureOptions options, bool withLegend)
    {
        string description = (options.Title.Length == 0 ? "" : options.Title + ": ") + plot.Summary;
        var canvas = new SvgCanvas(options.Width, options.Height, description);
        double top = Margin;
        if (options.Title.Length > 0)
        {
            canvas.Text(Margin, top + 12, options.Title, SvgPaint.Ink, size: 15, weight: 600);
            top += 28;
        }
        if (withLegend && plot.LegendNames.Count > 0) top = DrawLegend(canvas, plot.LegendNames, top);
        plot.Draw(canvas, options, top);
        return canvas;
    }

    /// <summary>Colour swatch and name, side by side, on as many rows as they need. Returns the first free pixel below.</summary>
    private static double DrawLegend(SvgCanvas canvas, IReadOnlyList<string> names, double top)
    {
        double x = Margin;
        for (int i = 0; i < names.Count; i++)
        {
            double width = 18 + SvgCanvas.TextWidth(names[i]) + 18;
            if (x > Margin && x + width > canvas.Width - Margin)
            {
                x = Margin;
                top += 20;
            }
            canvas.Rect(x, top + 3, 12, 4, SvgPaint.Fill(i), radius: 2);
            canvas.Text(x + 18, top + 9, names[i], SvgPaint.Ink);
            x += width;
        }
        return top + 24;
    }
}
