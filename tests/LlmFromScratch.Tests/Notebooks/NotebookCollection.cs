namespace LlmFromScratch.Tests.Notebooks;

/// <summary>Tests that run cells: a running cell owns the process's console and current folder, so nothing may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NotebookCollection
{
    public const string Name = "Notebooks";
}
