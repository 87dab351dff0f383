namespace LlmFromScratch.Notebooks;

/// <summary>What <see cref="NotebookRunner"/> does: <c>llmfs notebook run FILES... [--solutions] [--write] [--check] [--html DIR] [--timeout S]</c>.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>The notebooks, in the order in which they run.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Whether the cells of exercises are replaced by their solutions, each of which must then pass its check.</summary>
    public bool UseSolutions { get; init; }

    /// <summary>Whether the outputs are stored in the files.</summary>
    public bool Write { get; init; }

    /// <summary>Whether the outputs must equal those stored in the files.</summary>
    public bool Check { get; init; }

    /// <summary>The folder that a page for each notebook is written to; null for none.</summary>
    public string? HtmlFolder { get; init; }

    /// <summary>The time that one cell may take.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether cells tagged <c>needs-feed</c> run. By default the environment variable <c>FullFeed</c> decides, as it does for the build;
    /// the cells keep their stored outputs where they do not run.
    /// </summary>
    public bool IsFullFeed { get; init; } = string.Equals(Environment.GetEnvironmentVariable("FullFeed"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Checks that the settings can go together.</summary>
    /// <exception cref="ArgumentException">They cannot; the message says why.</exception>
    internal void Validate()
    {
        if (Files.Count == 0)
            throw new ArgumentException("NotebookRunner: expected at least one notebook, got none.");
        if (Write && Check)
            throw new ArgumentException("NotebookRunner: --write stores the outputs that --check compares with; expected one of them, got both.");
        if (UseSolutions && (Write || Check))
            throw new ArgumentException("NotebookRunner: the stored outputs belong to the notebook without solutions; expected --solutions without --write and --check.");
        if (CellTimeout <= TimeSpan.Zero)
            throw new ArgumentException($"NotebookRunner: expected a time limit above 0 s, got {CellTimeout.TotalSeconds} s.");
    }
}
