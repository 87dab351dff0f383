using System.CommandLine;
using LlmFromScratch.Notebooks;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs notebook run</c>: executes course notebooks without Jupyter or VS Code.</summary>
internal static class NotebookCommand
{
    public static Command Create() => new("notebook", "Execute course notebooks without Jupyter or VS Code.") { CreateRun() };

    private static Command CreateRun()
    {
        Argument<string[]> files = new("FILES") { Description = "Notebooks (.ipynb).", Arity = ArgumentArity.OneOrMore };
        Option<bool> solutions = new("--solutions") { Description = "Run every exercise with its solution; all checks must pass." };
        Option<bool> write = new("--write") { Description = "Store the outputs in the files." };
        Option<bool> check = new("--check") { Description = "Compare the outputs with those stored in the files." };
        Option<DirectoryInfo?> html = new("--html") { Description = "Also write a page for each notebook into this folder." };
        Option<double> timeout = new("--timeout") { Description = "Seconds that one cell may take.", DefaultValueFactory = _ => 120 };
        Command command = new("run", "Run notebooks from top to bottom, each in a fresh session.") { files, solutions, write, check, html, timeout };
        command.SetAction(async (parsed, cancellation) =>
        {
            NotebookRunOptions options = new()
            {
                Files = parsed.GetRequiredValue(files),
                UseSolutions = parsed.GetValue(solutions),
                Write = parsed.GetValue(write),
                Check = parsed.GetValue(check),
                HtmlFolder = parsed.GetValue(html)?.FullName,
                CellTimeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            };
            NotebookRunSummary summary = await NotebookRunner.RunAsync(options, Console.Out, cancellation);
            return summary.Succeeded ? 0 : Failure.WorkFailed;
        });
        return command;
    }
}
