using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Displays;

/// <summary>
/// A table of numbers as a strip of coloured cells: one hue for each sign, the stronger the farther from zero. Few numbers are written into their cells; of many, a
/// cell is the mean of a block.
/// </summary>
internal static class HeatStrip
{
    private const int MostRows = 8, MostColumns = 48, MostInOneRow = 96, MostWritten = 16;
    private const double Width = 672;

    /// <summary>Draws the strip.</summary>
    /// <param name="values">[rows, columns].</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="description">For a screen reader.</param>
    /// <returns>The drawing, and what a cell stands for where it is no single number; otherwise null.</returns>
    public static (string Svg, string? Legend) Draw(float[] values, int rows, int columns, string description)
    {
        (int cellRows, int cellColumns) = (Math.Min(rows, MostRows), Math.Min(columns, rows == 1 ? MostInOneRow : MostColumns));
        double[] cells = Means(values, rows, columns, cellRows, cellColumns); // [cellRows, cellColumns]
        double most = cells.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        bool isWritten = values.Length <= MostWritten;
        double width = isWritten ? Math.Min(Width / cellColumns, 64) : Math.Clamp(Width / cellColumns, 7, 24), height = isWritten || cellRows == 1 ? 24 : 14;

        var canvas = new SvgCanvas(width * cellColumns + 4, height * cellRows + 4, description);
        for (int i = 0; i < cells.Length; i++)
        {
            (double x, double y, double strength) = (2 + i % cellColumns * width, 2 + i / cellColumns * height, most == 0 ? 0 : Math.Abs(cells[i]) / most);
            bool isFinite = double.IsFinite(cells[i]);
            canvas.Rect(x, y, width - 1, height - 1, !isFinite ? SvgPaint.Ink : cells[i] < 0 ? SvgPaint.Cold : SvgPaint.Heat, 2, isFinite ? Math.Max(strength, 0.04) : 1);
        }
        for (int i = 0; i < cells.Length && isWritten; i++) // after all cells: neighbours of one colour share a group
        {
            bool isDark = !double.IsFinite(cells[i]) || Math.Abs(cells[i]) > 0.7 * most; // from here on white reads better
            canvas.Text(2 + (i % cellColumns + 0.5) * width, 2 + i / cellColumns * height + 16, Written(cells[i]), isDark ? SvgPaint.White : SvgPaint.Ink, 11, "middle");
        }
        bool isWhole = cellRows == rows && cellColumns == columns;
        return (canvas.ToString(), isWhole ? null : $"a cell is the mean of about {Numbers.Short((double)rows / cellRows)} × {Numbers.Short((double)columns / cellColumns)} numbers");
    }

    /// <summary>A number in at most seven characters, as a rule.</summary>
    public static string Written(double value) => double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "∞" : double.IsNegativeInfinity(value) ? "-∞" : Numbers.Short(value);

    private static double[] Means(float[] values, int rows, int columns, int cellRows, int cellColumns)
    {
        double[] means = new double[cellRows * cellColumns];
        for (int i = 0; i < means.Length; i++)
        {
            (int r, int c) = (i / cellColumns, i % cellColumns);
            (long top, long bottom) = ((long)r * rows / cellRows, (r + 1L) * rows / cellRows);
            (long left, long right) = ((long)c * columns / cellColumns, (c + 1L) * columns / cellColumns);
            for (long row = top; row < bottom; row++)
                for (long column = left; column < right; column++) means[i] += values[row * columns + column];
            means[i] /= (bottom - top) * (right - left);
        }
        return means;
    }
}
