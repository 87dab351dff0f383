namespace LlmFromScratch.Visuals.Rendering;

/// <summary>A colour that follows the theme: its style class, whether it fills or strokes, and its light value for viewers without style sheets.</summary>
internal readonly record struct SvgPaint(string Class, string Property, string Light)
{
    public static readonly SvgPaint Ink = new("ink", "fill", Palette.Ink);
    public static readonly SvgPaint Muted = new("muted", "fill", Palette.Muted);
    public static readonly SvgPaint White = new("white", "fill", "#ffffff");
    public static readonly SvgPaint Heat = new("heat", "fill", Palette.Heat);
    public static readonly SvgPaint Cold = new("cold", "fill", Palette.Cold);
    public static readonly SvgPaint Rule = new("rule", "stroke", Palette.Line);
    public static readonly SvgPaint Axis = new("axis", "stroke", Palette.Muted);

    /// <summary>The fill of a series; colours repeat after the sixth.</summary>
    public static SvgPaint Fill(int series) => new($"f{series % Palette.Series.Count}", "fill", Palette.Series[series % Palette.Series.Count]);

    /// <summary>The stroke of a series; colours repeat after the sixth.</summary>
    public static SvgPaint Stroke(int series) => new($"l{series % Palette.Series.Count}", "stroke", Palette.Series[series % Palette.Series.Count]);
}
