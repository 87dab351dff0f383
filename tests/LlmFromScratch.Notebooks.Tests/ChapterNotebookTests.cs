using LlmFromScratch.Notebooks;

// A running cell owns the process's console and current folder.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LlmFromScratch.Notebooks.Tests;

/// <summary>Runs every notebook of the course, as committed and with its solutions.</summary>
public sealed class ChapterNotebookTests
{
    private const long MostBytes = 2_000_000_000; // what a chapter may need

    /// <summary>The names of the notebooks.</summary>
    public static TheoryData<string> Notebooks => [.. NotebookFolder.Files().Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public Task Notebook_RunAsCommitted_GivesItsStoredOutputs(string name) => RunAsync(name, options => options with { Check = true });

    [Theory]
    [MemberData(nameof(Notebooks))]
    public Task Notebook_RunWithSolutions_PassesEveryCheck(string name) => RunAsync(name, options => options with { UseSolutions = true });

    private static async Task RunAsync(string name, Func<NotebookRunOptions, NotebookRunOptions> with)
    {
        var log = new StringWriter();
        var options = new NotebookRunOptions { Files = [Path.Combine(NotebookFolder.Path, name)] };
        NotebookRunSummary summary = await NotebookRunner.RunAsync(with(options), log, CancellationToken.None);
        Assert.True(summary.Succeeded, log.ToString());
        Assert.InRange(Assert.Single(summary.Notebooks).PeakWorkingSetBytes, 1, MostBytes); // of the process so far: no chapter needs more
    }
}
