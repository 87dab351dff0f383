namespace LlmFromScratch.Notebooks;

/// <summary>How the run of one notebook went.</summary>
public sealed class NotebookSummary
{
    /// <summary>The notebook's path as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>The number of code cells that ran.</summary>
    public required int CellsRun { get; init; }

    /// <summary>The number of code cells that were left out: tagged <c>needs-feed</c>, or after an error.</summary>
    public required int CellsSkipped { get; init; }

    /// <summary>What went wrong, each entry with the number of its cell; empty when all went well.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>The time that the notebook took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The managed memory that the cells asked for, in bytes; most of it was free again soon.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>The most memory that this process has held at once since it started, in bytes, mapped files included: this notebook's own need is at most this.</summary>
    public required long PeakWorkingSetBytes { get; init; }

    /// <summary>Whether all went well.</summary>
    public bool Succeeded => Failures.Count == 0;
}
