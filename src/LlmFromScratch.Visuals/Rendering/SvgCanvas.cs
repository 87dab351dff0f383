using System.Xml.Linq;

namespace LlmFromScratch.Visuals.Rendering;

/// <summary>
/// Collects SVG shapes. Every shape has a class, which gives it its colour in either theme, and the light colour as a plain attribute.
/// Building on XElement makes the document well-formed whatever the text holds.
/// </summary>
internal sealed class SvgCanvas
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly XElement _root;
    private XElement? _group; // the shapes drawn last, all of one colour
    private SvgPaint _groupPaint;

    /// <summary>Starts a drawing that says <paramref name="description"/> to a screen reader.</summary>
    public SvgCanvas(double width, double height, string description)
    {
        Width = width;
        Height = height;
        _root = new XElement(Svg + "svg",
            new XAttribute("class", "lfs-svg"),
            new XAttribute("viewBox", $"0 0 {Numbers.Pixel(width)} {Numbers.Pixel(height)}"),
            new XAttribute("width", Numbers.Pixel(width)),
            new XAttribute("height", Numbers.Pixel(height)),
            new XAttribute("style", "max-width:100%;height:auto"),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", Markup.Clean(description)),
            new XAttribute("font-family", "system-ui, sans-serif"),
            new XAttribute(XNamespace.Xml + "space", "preserve"), // several spaces in a label stay several
            new XElement(Svg + "style", Palette.StyleSheet),
            new XElement(Svg + "rect", new XAttribute("class", "paper"), new XAttribute("fill", Palette.Paper),
                new XAttribute("width", Numbers.Pixel(width)), new XAttribute("height", Numbers.Pixel(height)), new XAttribute("rx", "8")));
    }

    /// <summary>Width in pixels.</summary>
    public double Width { get; }

    /// <summary>Height in pixels.</summary>
    public double Height { get; }

    /// <summary>The finished document, without an XML declaration, so that it can also stand inside HTML.</summary>
    public override string ToString() => _root.ToString(SaveOptions.DisableFormatting);

    /// <summary>A filled rectangle; <paramref name="hover"/> is shown by the browser when the pointer rests on it.</summary>
    public void Rect(double x, double y, double width, double height, SvgPaint paint, double radius = 0, double opacity = 1, string? hover = null)
    {
        XElement rect = Shape("rect", paint, hover, ("x", x), ("y", y), ("width", width), ("height", height));
        if (radius > 0) rect.Add(new XAttribute("rx", Numbers.Pixel(radius)));
        if (opacity < 1) rect.Add(new XAttribute("fill-opacity", Math.Round(opacity, 3).ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>A filled disc.</summary>
    public void Circle(double x, double y, double radius, SvgPaint paint, string? hover = null, double opacity = 1)
    {
        XElement circle = Shape("circle", paint, hover, ("cx", x), ("cy", y), ("r", radius));
        if (opacity < 1) circle.Add(new XAttribute("fill-opacity", Numbers.Pixel(opacity)));
    }

    /// <summary>A straight stroke, one pixel wide.</summary>
    public void Line(double x1, double y1, double x2, double y2, SvgPaint paint) =>
        Shape("line", paint, null, ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));

    /// <summary>A stroke through points, two pixels wide as a rule.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, SvgPaint paint, double width = 2)
    {
        string path = string.Join(' ', points.Select(point => $"{Numbers.Pixel(point.X)},{Numbers.Pixel(point.Y)}"));
        Shape("polyline", paint, null).Add(new XAttribute("points", path), new XAttribute("fill", "none"), new XAttribute("stroke-width", Numbers.Pixel(width)),
            new XAttribute("stroke-linejoin", "round"), new XAttribute("stroke-linecap", "round"));
    }

    /// <summary>A band from the left to the right, <paramref name="width"/> high at both ends, in a soft curve.</summary>
    public void Band(double x1, double y1, double x2, double y2, double width, SvgPaint paint, string hover)
    {
        string middle = Numbers.Pixel((x1 + x2) / 2);
        string Point(double x, double y) => $"{Numbers.Pixel(x)},{Numbers.Pixel(y)}";
        string path = $"M{Point(x1, y1)}C{middle},{Numbers.Pixel(y1)} {middle},{Numbers.Pixel(y2)} {Point(x2, y2)}L{Point(x2, y2 + width)}"
            + $"C{middle},{Numbers.Pixel(y2 + width)} {middle},{Numbers.Pixel(y1 + width)} {Point(x1, y1 + width)}Z";
        Shape("path", paint, hover).Add(new XAttribute("d", path), new XAttribute("fill-opacity", "0.35"));
    }

    /// <summary>Another drawing inside this one, its corner at (x, y).</summary>
    public void Nest(SvgCanvas inner, double x, double y)
    {
        _group = null;
        _root.Add(new XElement(Svg + "svg", new XAttribute("x", Numbers.Pixel(x)), new XAttribute("y", Numbers.Pixel(y)),
            new XAttribute("width", Numbers.Pixel(inner.Width)), new XAttribute("height", Numbers.Pixel(inner.Height)),
            inner._root.Elements().Where(element => element.Name.LocalName != "style"))); // the outer drawing has the style
    }

    /// <summary>One line of text; <paramref name="anchor"/> is start, middle or end; <paramref name="turn"/> is in degrees.</summary>
    public void Text(double x, double y, string text, SvgPaint paint, double size = 12, string anchor = "start", int weight = 400, double turn = 0, bool mono = false)
    {
        XElement element = Shape("text", paint, null, ("x", x), ("y", y), ("font-size", size));
        if (anchor != "start") element.Add(new XAttribute("text-anchor", anchor));
        if (weight != 400) element.Add(new XAttribute("font-weight", weight));
        if (turn != 0) element.Add(new XAttribute("transform", $"rotate({Numbers.Pixel(turn)} {Numbers.Pixel(x)} {Numbers.Pixel(y)})"));
        if (mono) element.Add(new XAttribute("font-family", "ui-monospace, Menlo, Consolas, monospace"));
        element.Add(Markup.Clean(text));
    }

    /// <summary>How wide a text will be, near enough for margins: no font can be measured here, and most glyphs are at most 0.6 of their size.</summary>
    public static double TextWidth(string text, double size = 12) => text.EnumerateRunes().Sum(rune => rune.Value >= 0x1100 ? 1.0 : 0.6) * size;

    private XElement Shape(string name, SvgPaint paint, string? hover, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        if (_group is null || _groupPaint != paint) // neighbours of one colour share a group: a heat map has hundreds
        {
            _group = new XElement(Svg + "g", new XAttribute("class", paint.Class), new XAttribute(paint.Property, paint.Light));
            _groupPaint = paint;
            _root.Add(_group);
        }
        var element = new XElement(Svg + name);
        foreach ((string attribute, double value) in numbers) element.Add(new XAttribute(attribute, Numbers.Pixel(value)));
        if (hover is not null) element.Add(new XElement(Svg + "title", Markup.Clean(hover)));
        _group.Add(element);
        return element;
    }
}
