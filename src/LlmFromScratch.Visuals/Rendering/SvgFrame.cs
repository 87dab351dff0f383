using LlmFromScratch.Visuals.Plots;

namespace LlmFromScratch.Visuals.Rendering;

/// <summary>The rectangle in which values are drawn, with the axes around it. The vertical axis has its title on top, where it reads without turning the head.</summary>
internal sealed class SvgFrame
{
    private const double TickSize = 12;
    private readonly SvgCanvas _canvas;

    private SvgFrame(SvgCanvas canvas, double left, double top, double right, double bottom) =>
        (_canvas, Left, Top, Right, Bottom) = (canvas, left, top, right, bottom);

    public double Left { get; }
    public double Top { get; }
    public double Right { get; }
    public double Bottom { get; }
    public double Width => Right - Left;
    public double Height => Bottom - Top;

    /// <summary>A frame with room for the longest of <paramref name="leftLabels"/> and <paramref name="belowHeight"/> pixels of labels below.</summary>
    public static SvgFrame Create(SvgCanvas canvas, FigureOptions options, double top, IEnumerable<string> leftLabels, double belowHeight, double rightRoom = 20)
    {
        double left = 16 + leftLabels.Select(label => SvgCanvas.TextWidth(label, TickSize)).DefaultIfEmpty(0).Max() + 8;
        double bottom = canvas.Height - 14 - belowHeight - (options.XTitle.Length > 0 ? 20 : 0);
        if (options.YTitle.Length > 0) top += 24;
        var frame = new SvgFrame(canvas, Math.Min(left, canvas.Width / 2), top + 4, canvas.Width - rightRoom, Math.Max(bottom, top + 24));
        if (options.YTitle.Length > 0) canvas.Text(16, top - 12, options.YTitle, SvgPaint.Muted, TickSize);
        if (options.XTitle.Length > 0) canvas.Text((frame.Left + frame.Right) / 2, canvas.Height - 14, options.XTitle, SvgPaint.Muted, TickSize, "middle");
        return frame;
    }

    /// <summary>The pixel of a vertical value.</summary>
    public double Y(AxisScale scale, double value) => Bottom - scale.Position(value) * Height;

    /// <summary>The pixel of a horizontal value.</summary>
    public double X(AxisScale scale, double value) => Left + scale.Position(value) * Width;

    /// <summary>Hairlines and labels of a vertical axis of numbers.</summary>
    public void DrawValueAxis(AxisScale scale)
    {
        foreach (double tick in scale.Ticks)
        {
            double y = Y(scale, tick);
            _canvas.Line(Left, y, Right, y, SvgPaint.Rule);
            _canvas.Text(Left - 8, y + 4, Numbers.Short(tick), SvgPaint.Muted, TickSize, "end");
        }
    }

    /// <summary>Labels of a horizontal axis of numbers.</summary>
    public void DrawNumbersBelow(AxisScale scale)
    {
        _canvas.Line(Left, Bottom, Right, Bottom, SvgPaint.Axis);
        foreach (double tick in scale.Ticks)
        {
            double x = X(scale, tick);
            _canvas.Line(x, Bottom, x, Bottom + 4, SvgPaint.Axis);
            _canvas.Text(x, Bottom + 18, Numbers.Short(tick), SvgPaint.Muted, TickSize, "middle");
        }
    }

    /// <summary>Labels below, one for each of equally wide columns; they turn when they would touch.</summary>
    public void DrawLabelsBelow(IReadOnlyList<string> labels)
    {
        double column = Width / labels.Count;
        bool turn = MustTurn(labels, column);
        for (int i = 0; i < labels.Count; i++)
        {
            double x = Left + (i + 0.5) * column;
            if (turn) _canvas.Text(x + 4, Bottom + 14, labels[i], SvgPaint.Muted, TickSize, "end", turn: -45);
            else _canvas.Text(x, Bottom + 18, labels[i], SvgPaint.Muted, TickSize, "middle");
        }
    }

    /// <summary>How many pixels <see cref="DrawLabelsBelow"/> needs, when the frame will be about <paramref name="width"/> wide.</summary>
    public static double LabelsBelowHeight(IReadOnlyList<string> labels, double width) => MustTurn(labels, width / labels.Count)
        ? 14 + 0.71 * Math.Min(120, labels.Max(label => SvgCanvas.TextWidth(label, TickSize))) // 0.71: sine of 45 degrees
        : 20;

    private static bool MustTurn(IReadOnlyList<string> labels, double column) => labels.Any(label => SvgCanvas.TextWidth(label, TickSize) + 6 > column);
}
