using System.Globalization;
using System.Numerics;
using LlmFromScratch.Visuals.Formatting;
using LlmFromScratch.Visuals.Plots;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals;

/// <summary>
/// A chart of plain numbers: lines, bars, a heat map, a histogram, points in the plane or in space, a surface, flows, or frames of one of these. It is immutable: every method returns a new figure. A notebook shows the
/// last value of a cell as an interactive Plotly chart, as SVG where scripts are stripped, and as one line of text in a terminal.
/// Values may be of any number type; each is written as the shortest decimal that reads back to the same number, so the output has the
/// same bytes on every machine. NaN and infinity are gaps. Used by every chapter.
/// <example><c>Figure.Line("loss", steps, losses).WithTitle("Training").WithAxes("step", "nats")</c></example>
/// </summary>
[TypeFormatterSource(typeof(FigureFormatterSource), PreferredMimeTypes = [MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Html, MimeTypes.Text])]
public sealed class Figure
{
    private readonly Plot _plot;
    private readonly FigureOptions _options;

    private Figure(Plot plot, FigureOptions options)
    {
        _plot = plot;
        _options = options;
    }

    /// <summary>A line through the points <c>(x[i], y[i])</c>, in the order given.</summary>
    /// <param name="name">What the legend and the hover text call the line.</param>
    /// <param name="x">[N] horizontal positions.</param>
    /// <param name="y">[N] vertical positions.</param>
    /// <exception cref="ArgumentException">The two arrays differ in length or are empty.</exception>
    public static Figure Line<TX, TY>(string name, TX[] x, TY[] y) where TX : struct, INumber<TX> where TY : struct, INumber<TY> =>
        new(new LinePlot([LineSeries.Create(name, Widen(x), Widen(y))]), FigureOptions.Default);

    /// <summary>Bars, one for each label. Labels may repeat, as tokens do.</summary>
    /// <param name="labels">[N] text below the bars.</param>
    /// <param name="values">[N] heights; negative bars hang below zero.</param>
    /// <param name="name">What the legend calls these bars when there are several groups.</param>
    /// <exception cref="ArgumentException">The two arrays differ in length or are empty.</exception>
    public static Figure Bar<T>(string[] labels, T[] values, string name = "") where T : struct, INumber<T> =>
        new(new BarPlot([.. labels], [BarSeries.Create(name, Widen(values), labels.Length)]), FigureOptions.Default);

    /// <summary>A grid of coloured cells with row 0 on top. Values below zero get a second hue, and zero is then the neutral colour.</summary>
    /// <param name="values">[rows, columns] row-major.</param>
    /// <param name="rowLabels">[rows] text on the left.</param>
    /// <param name="columnLabels">[columns] text below.</param>
    /// <exception cref="ArgumentException"><paramref name="values"/> does not have rows × columns entries, or is empty.</exception>
    public static Figure HeatMap<T>(T[] values, string[] rowLabels, string[] columnLabels) where T : struct, INumber<T> =>
        new(HeatMapPlot.Create(Widen(values), rowLabels, columnLabels), FigureOptions.Default with { Height = HeatMapPlot.HeightFor(rowLabels.Length) });

    /// <summary>How many values fall into each of equally wide intervals between the smallest and the largest.</summary>
    /// <param name="name">What is counted.</param>
    /// <param name="values">[N]; NaN and infinity are left out, and the summary says how many.</param>
    /// <param name="bins">Number of intervals, 1 to 1000; each holds its lower end, the last both ends.</param>
    public static Figure Histogram<T>(string name, T[] values, int bins = 30) where T : struct, INumber<T> =>
        new(HistogramPlot.Create(name, Widen(values), bins), FigureOptions.Default);

    /// <summary>Points in the plane. Up to 60 labels are drawn beside their points; all show when the pointer rests there.</summary>
    /// <param name="name">What the legend calls the points.</param>
    /// <param name="x">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="labels">[N] a text for each point, or null.</param>
    /// <exception cref="ArgumentException">The arrays differ in length or are empty.</exception>
    public static Figure Scatter<TX, TY>(string name, TX[] x, TY[] y, string[]? labels = null) where TX : struct, INumber<TX> where TY : struct, INumber<TY> =>
        new(new ScatterPlot([PointSeries.Create("Scatter", name, labels, Widen(x), Widen(y))]), FigureOptions.Default with { Height = 440 });

    /// <summary>Points in space, which the reader can turn; embeddings after a projection to three axes.</summary>
    /// <param name="name">What the legend calls the points.</param>
    /// <param name="x">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="z">[N].</param>
    /// <param name="labels">[N] a text for each point, or null.</param>
    /// <exception cref="ArgumentException">The arrays differ in length or are empty.</exception>
    public static Figure Scatter3D<T>(string name, T[] x, T[] y, T[] z, string[]? labels = null) where T : struct, INumber<T> =>
        new(new Scatter3DPlot([PointSeries.Create("Scatter3D", name, labels, Widen(x), Widen(y), Widen(z))]), FigureOptions.Default with { Height = 520 });

    /// <summary>Heights over a grid.</summary>
    /// <param name="x">[columns] places along x.</param>
    /// <param name="y">[rows] places along y.</param>
    /// <param name="z">[rows, columns] row-major heights.</param>
    /// <exception cref="ArgumentException"><paramref name="z"/> does not have rows × columns entries, or there are fewer than 2 of either.</exception>
    public static Figure Surface<T>(T[] x, T[] y, T[] z) where T : struct, INumber<T> =>
        new(SurfacePlot.Create(Widen(x), Widen(y), Widen(z)), FigureOptions.Default with { Height = 520 });

    /// <summary>Flows from one named place to the next, each as wide as its amount.</summary>
    /// <param name="flows">Positive amounts; no flow leads back to where it came from.</param>
    /// <exception cref="ArgumentException">No flow, an amount that is not positive, or a circle.</exception>
    public static Figure Sankey(params (string From, string To, double Amount)[] flows) => new(SankeyPlot.Create(flows), FigureOptions.Default);

    /// <summary>Figures of one kind as moments under a slider. Title and axes are those of the first; the axes span the values of all.</summary>
    /// <param name="frames">At least two; the label stands at the slider.</param>
    /// <exception cref="ArgumentException">Fewer than two, or of several kinds.</exception>
    public static Figure Frames(params (string Label, Figure Figure)[] frames)
    {
        FramesPlot film = FramesPlot.Create(Array.ConvertAll(frames, frame => (frame.Label, frame.Figure._plot)));
        FigureOptions first = frames[0].Figure._options;
        return new(film, first with { Height = Math.Max(first.Height, 520), XRange = film.Extent(horizontal: true), YRange = film.Extent(horizontal: false) });
    }

    /// <summary>The figure with more points, of another colour.</summary>
    /// <param name="name">What the legend calls them.</param>
    /// <param name="x">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="labels">[N] a text for each point, or null.</param>
    /// <exception cref="InvalidOperationException">The figure does not hold points of the plane.</exception>
    public Figure AddPoints<TX, TY>(string name, TX[] x, TY[] y, string[]? labels = null) where TX : struct, INumber<TX> where TY : struct, INumber<TY> =>
        _plot is ScatterPlot points
            ? new(points.With(PointSeries.Create("Scatter", name, labels, Widen(x), Widen(y))), _options)
            : throw new InvalidOperationException($"AddPoints: expected a figure of points, got {_plot.Kind}. Start with Figure.Scatter.");

    /// <summary>The figure with more points in space, of another colour.</summary>
    /// <param name="name">What the legend calls them.</param>
    /// <param name="x">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="z">[N].</param>
    /// <param name="labels">[N] a text for each point, or null.</param>
    /// <exception cref="InvalidOperationException">The figure does not hold points in space.</exception>
    public Figure AddPoints3D<T>(string name, T[] x, T[] y, T[] z, string[]? labels = null) where T : struct, INumber<T> =>
        _plot is Scatter3DPlot points
            ? new(points.With(PointSeries.Create("Scatter3D", name, labels, Widen(x), Widen(y), Widen(z))), _options)
            : throw new InvalidOperationException($"AddPoints3D: expected a figure of points in space, got {_plot.Kind}. Start with Figure.Scatter3D.");

    /// <summary>The figure with one more line.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="x">[N] horizontal positions.</param>
    /// <param name="y">[N] vertical positions.</param>
    /// <exception cref="InvalidOperationException">The figure does not hold lines.</exception>
    /// <exception cref="ArgumentException">The two arrays differ in length or are empty.</exception>
    public Figure AddLine<TX, TY>(string name, TX[] x, TY[] y) where TX : struct, INumber<TX> where TY : struct, INumber<TY> =>
        _plot is LinePlot lines
            ? new(lines.With(LineSeries.Create(name, Widen(x), Widen(y))), _options)
            : throw new InvalidOperationException($"AddLine: expected a figure of lines, got {_plot.Kind}. Start with Figure.Line.");

    /// <summary>The figure with one more bar beside each of the bars that stand at a label.</summary>
    /// <param name="name">What the legend calls these bars.</param>
    /// <param name="values">[N] heights, one for each label.</param>
    /// <exception cref="InvalidOperationException">The figure does not hold bars.</exception>
    /// <exception cref="ArgumentException">The number of values is not the number of labels.</exception>
    public Figure AddBars<T>(string name, T[] values) where T : struct, INumber<T> =>
        _plot is BarPlot bars
            ? new(bars.With(BarSeries.Create(name, Widen(values), bars.LabelCount)), _options)
            : throw new InvalidOperationException($"AddBars: expected a figure of bars, got {_plot.Kind}. Start with Figure.Bar.");

    /// <summary>The figure under a heading.</summary>
    public Figure WithTitle(string title) => new(_plot, _options with { Title = title });

    /// <summary>The figure with names on its axes; say the unit ("step", "nats", "tokens/s").</summary>
    public Figure WithAxes(string x, string y, string z = "") => new(_plot, _options with { XTitle = x, YTitle = y, ZTitle = z });

    /// <summary>The figure with a logarithmic horizontal axis. Only lines have one; values that are not positive become gaps.</summary>
    /// <exception cref="InvalidOperationException">The figure does not hold lines.</exception>
    public Figure WithLogX() => _plot is LinePlot
        ? new(_plot, _options with { LogX = true })
        : throw new InvalidOperationException($"WithLogX: expected a figure of lines, got {_plot.Kind}, whose horizontal axis holds labels.");

    /// <summary>The figure with a logarithmic vertical axis: lines, bars and histograms. Values that are not positive become gaps.</summary>
    /// <exception cref="InvalidOperationException">The figure is of another kind.</exception>
    public Figure WithLogY() => _plot is LinePlot or BarPlot or HistogramPlot
        ? new(_plot, _options with { LogY = true })
        : throw new InvalidOperationException($"WithLogY: expected lines, bars or a histogram, got {_plot.Kind}.");

    /// <summary>The figure at another size, in CSS pixels.</summary>
    /// <param name="width">At least 200.</param>
    /// <param name="height">At least 120.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is too small to hold the axes.</exception>
    public Figure WithSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 120);
        return new(_plot, _options with { Width = width, Height = height });
    }

    /// <summary>The figure as Plotly's <c>{"data": [...], "layout": {...}}</c>. Source: Plotly figure reference, schema version 2.</summary>
    public string ToPlotlyJson() => PlotlyWriter.Write(_plot, _options);

    /// <summary>The figure as a stand-alone SVG document; it brings its own background and follows the reader's light or dark theme.</summary>
    public string ToSvg() => SvgFigure.Draw(_plot, _options);

    /// <summary>The SVG inside a <c>figure</c> element that a screen reader announces with the figure's summary.</summary>
    public string ToHtml() => $"<figure role=\"group\" aria-label=\"{Markup.Escape(ToString())}\" style=\"margin:0;max-width:{_options.Width}px\">{ToSvg()}</figure>";

    /// <summary>One line: kind, title, and how many numbers there are with their range.</summary>
    public override string ToString() => (_options.Title.Length == 0 ? "" : _options.Title + ": ") + _plot.Summary;

    /// <summary>
    /// Every number type becomes a double through its own shortest decimal text, so 0.1f is 0.1 and not 0.10000000149011612: the figure
    /// shows the same digits that printing the value shows, and casting back gives the same float.
    /// </summary>
    private static double[] Widen<T>(T[] values) where T : struct, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return Array.ConvertAll(values, value => double.Parse(value.ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }
}
