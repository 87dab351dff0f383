namespace LlmFromScratch.Visuals.Plots;

/// <summary>What surrounds the numbers of a figure. Empty text means that nothing stands there; sizes are CSS pixels.</summary>
internal sealed record FigureOptions
{
    public static FigureOptions Default { get; } = new();

    public string Title { get; init; } = "";
    public string XTitle { get; init; } = "";
    public string YTitle { get; init; } = "";
    public string ZTitle { get; init; } = "";
    public bool LogX { get; init; }
    public bool LogY { get; init; }
    public (double Min, double Max)? XRange { get; init; } // null: as the values need
    public (double Min, double Max)? YRange { get; init; }
    public int Width { get; init; } = 640;
    public int Height { get; init; } = 360;
}
