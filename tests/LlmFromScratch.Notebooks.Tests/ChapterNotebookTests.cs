using LlmFromScratch.Notebooks;

// A running cell owns the process's console and current folder.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LlmFromScratch.Notebooks.Tests;

/// <summary>Runs every notebook of the course, as committed and with its solutions.</summary>
public sealed class ChapterNotebookTests
{
    private const string NoNotebook = "(no notebook yet)";

    /// <summary>The names of the notebooks; one row that stands for none while the folder is empty, because a theory needs a row.</summary>
    public static TheoryData<string> Notebooks
    {
        get
        {
            IReadOnlyList<string> files = NotebookFolder.Files();
            return files.Count == 0 ? [NoNotebook] : [.. files.Select(file => Path.GetFileName(file))];
        }
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public Task Notebook_RunAsCommitted_GivesItsStoredOutputs(string name) => RunAsync(name, options => options with { Check = true });

    [Theory]
    [MemberData(nameof(Notebooks))]
    public Task Notebook_RunWithSolutions_PassesEveryCheck(string name) => RunAsync(name, options => options with { UseSolutions = true });

    [Fact(Skip = "The first chapters switch this on.")]
    public void Notebooks_Folder_HoldsTheChapters() => Assert.NotEmpty(NotebookFolder.Files());

    private static async Task RunAsync(string name, Func<NotebookRunOptions, NotebookRunOptions> with)
    {
        if (name == NoNotebook)
        {
            Assert.Empty(NotebookFolder.Files());
            return;
        }
        var log = new StringWriter();
        var options = new NotebookRunOptions { Files = [Path.Combine(NotebookFolder.Path, name)] };
        NotebookRunSummary summary = await NotebookRunner.RunAsync(with(options), log, CancellationToken.None);
        Assert.True(summary.Succeeded, log.ToString());
    }
}
