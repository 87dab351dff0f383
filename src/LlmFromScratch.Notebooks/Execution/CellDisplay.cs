using LlmFromScratch.Notebooks.Formatting;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// What every cell can call without a prefix: <c>display(value)</c> and <c>HTML("...")</c>, named and cased as in .NET Interactive. Static,
/// because classes that a cell declares call them too.
/// </summary>
public static class CellDisplay
{
    // Flows with the cell into the tasks that it starts; outside a running cell it is null.
    private static readonly AsyncLocal<(OutputRecorder Recorder, RichFormatter Formatter)?> RunningCell = new();

    /// <summary>
    /// Shows <paramref name="value"/> in the cell's output, in every MIME type that its formatters offer. What it gives back can show another value
    /// in the same place later.
    /// </summary>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue display(object? value)
    {
        if (RunningCell.Value is not { } cell)
            throw new InvalidOperationException("display: expected to be called while a notebook cell runs, got a call from outside of one.");
        return new DisplayedValue(cell.Recorder, cell.Formatter, cell.Recorder.Display(cell.Formatter.Format(value)));
    }

    /// <summary>Marks <paramref name="html"/> as a fragment of HTML, so that displaying it shows the fragment and not its text.</summary>
    public static HtmlContent HTML(string html) => new(html);

    /// <summary>Makes <paramref name="recorder"/> the receiver for the calling thread and whatever it starts.</summary>
    internal static void Enter(OutputRecorder recorder, RichFormatter formatter) => RunningCell.Value = (recorder, formatter);
}
