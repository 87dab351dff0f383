using System.CommandLine;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs notebook run</c>: executes course notebooks without Jupyter.</summary>
internal static class NotebookCommand
{
    public static Command Create()
    {
        Command command = new("notebook", "Execute course notebooks without Jupyter or VS Code.");
        return command;
    }
}
