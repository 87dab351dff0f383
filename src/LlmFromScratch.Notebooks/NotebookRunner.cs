using System.Diagnostics;
using System.Globalization;
using LlmFromScratch.Notebooks.Html;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks;

/// <summary>
/// Runs notebooks without a front end: each in a session of its own, one after the other, in this process. The same files open in VS Code
/// and Jupyter; this is how CI, and anyone with only the .NET SDK, executes them.
/// </summary>
public static class NotebookRunner
{
    /// <summary>Runs the notebooks that <paramref name="options"/> names and reports each cell to <paramref name="log"/>.</summary>
    /// <returns>What ran and what failed; a failing notebook does not keep the next from running.</returns>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    /// <exception cref="FileNotFoundException">A notebook is missing, or with solutions its file of solutions.</exception>
    /// <exception cref="InvalidDataException">A notebook or a file of solutions is malformed; the message says where.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was used; the running cell was stopped.</exception>
    public static async Task<NotebookRunSummary> RunAsync(NotebookRunOptions options, TextWriter log, CancellationToken cancellation)
    {
        options.Validate();
        var summaries = new List<NotebookSummary>();
        List<NotebookFile> notebooks = [.. options.Files.Select(NotebookFile.Load)]; // all of them first: a malformed one ends the run before it begins
        BookSite? site = options.HtmlFolder is null ? null : new BookSite(options.HtmlFolder, notebooks, log);
        if (options.UseSolutions) Environment.SetEnvironmentVariable("LLMFS_PROGRESS", "off"); // a solution that passes is no learner's progress
        for (int i = 0; i < notebooks.Count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            var run = new NotebookRun(notebooks[i], options, log);
            await run.RunAsync(cancellation);
            site?.WritePage(i, run.SourceOf, run.Outputs);
            var summary = new NotebookSummary
            {
                Path = options.Files[i],
                CellsRun = run.CellsRun,
                CellsSkipped = run.CellsSkipped,
                Failures = run.Failures,
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                AllocatedBytes = run.AllocatedBytes,
                PeakWorkingSetBytes = PeakWorkingSet(),
            };
            log.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {(summary.Succeeded ? "passed" : "FAILED")}: {summary.CellsRun} cells run, {summary.CellsSkipped} skipped, {summary.Failures.Count} failures, {summary.Seconds:0.0} s, "
                + $"{NotebookRun.Megabytes(summary.AllocatedBytes)} allocated, peak working set {NotebookRun.Megabytes(summary.PeakWorkingSetBytes)}"));
            summaries.Add(summary);
        }
        site?.WriteIndex();
        return new NotebookRunSummary { Notebooks = summaries };
    }

    private static long PeakWorkingSet()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
