namespace LlmFromScratch.Cli;

/// <summary>A count on standard error that is written over itself, for a terminal; a pipe gets none.</summary>
internal sealed class TerminalProgress(string unit) : IProgress<int>
{
    private int _width;

    public void Report(int value)
    {
        string line = $"{value:N0} {unit}";
        _width = line.Length;
        Console.Error.Write('\r' + line);
    }

    /// <summary>Wipes the line.</summary>
    public void Clear() => Console.Error.Write('\r' + new string(' ', _width) + '\r');
}
