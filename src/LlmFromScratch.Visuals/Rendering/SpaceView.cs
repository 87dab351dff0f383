using LlmFromScratch.Visuals.Plots;

namespace LlmFromScratch.Visuals.Rendering;

/// <summary>
/// Looks at a box of three axes from one fixed side, in parallel projection: the view is turned by 35 degrees and tilted by 25, so that
/// all three axes can be told apart. Each axis is scaled to the unit cube first.
/// </summary>
internal sealed class SpaceView
{
    private const double CosTurn = 0.8191520442889918, SinTurn = 0.573576436351046; // of 35 degrees
    private const double CosTilt = 0.9063077870366499, SinTilt = 0.42261826174069944; // of 25 degrees

    private readonly SvgCanvas _canvas;
    private readonly (double Min, double Max)[] _ranges; // [3]
    private readonly string[] _names; // [3]
    private readonly double _centreX, _centreY, _size;

    public SpaceView(SvgCanvas canvas, FigureOptions options, double top, (double Min, double Max)[] ranges)
    {
        _canvas = canvas;
        _ranges = ranges;
        _names = [.. new[] { options.XTitle, options.YTitle, options.ZTitle }.Select((title, axis) => title.Length > 0 ? title : "xyz"[axis].ToString())];
        double height = options.Height - top - 24;
        (_centreX, _centreY) = (options.Width / 2.0, top + height / 2);
        _size = Math.Min(height / 1.5, options.Width / 1.6); // the turned cube is at most 1.4 high and wide
    }

    /// <summary>The pixel of a point, and how near it is: 0 for the far corner, 1 for the near one.</summary>
    public (double X, double Y, double Depth) Project(double x, double y, double z)
    {
        double u = Unit(0, x), v = Unit(1, y), w = Unit(2, z);
        double right = u * CosTurn - v * SinTurn, away = u * SinTurn + v * CosTurn;
        double up = w * CosTilt + away * SinTilt, depth = away * CosTilt - w * SinTilt;
        return (_centreX + right * _size, _centreY - up * _size, Math.Clamp(0.5 - depth / 1.7, 0, 1)); // 1.7: the cube's diagonal
    }

    /// <summary>The three far faces of the box, and the ends of each axis with their values.</summary>
    public void DrawBox()
    {
        foreach (double end in (double[])[0, 1])
        {
            Edge((0, end, 0), (1, end, 0));
            Edge((end, 0, 0), (end, 1, 0));
            Edge((0, 1, end), (1, 1, end));
            Edge((end, 1, 0), (end, 1, 1));
            Edge((0, end, 0), (0, end, 1));
            Edge((0, 0, end), (0, 1, end));
        }
        Label((0.5, 0, 0), 0, 18, 0);
        Label((1, 0.5, 0), 12, 14, 1);
        Label((0, 1, 0.5), -8, 0, 2);
    }

    private void Label((double X, double Y, double Z) place, double right, double down, int axis)
    {
        (double x, double y, _) = Project(place);
        (double min, double max) = _ranges[axis];
        _canvas.Text(x + right, y + down, $"{_names[axis]}: {Numbers.Short(min)} to {Numbers.Short(max)}", SvgPaint.Muted, size: 11, anchor: right < 0 ? "end" : right > 0 ? "start" : "middle");
    }

    private void Edge((double X, double Y, double Z) from, (double X, double Y, double Z) to)
    {
        (double x1, double y1, _) = Project(from);
        (double x2, double y2, _) = Project(to);
        _canvas.Line(x1, y1, x2, y2, SvgPaint.Rule);
    }

    private (double X, double Y, double Depth) Project((double X, double Y, double Z) corner) => Project(At(0, corner.X), At(1, corner.Y), At(2, corner.Z));

    private double At(int axis, double unit) => _ranges[axis].Min + unit * (_ranges[axis].Max - _ranges[axis].Min);

    // -0.5 to 0.5 along the axis; an axis of one value has it in the middle
    private double Unit(int axis, double value) => _ranges[axis].Max > _ranges[axis].Min
        ? (value - _ranges[axis].Min) / (_ranges[axis].Max - _ranges[axis].Min) - 0.5
        : 0;
}
