namespace LlmFromScratch.Notebooks;

/// <summary>How a run over several notebooks went.</summary>
public sealed class NotebookRunSummary
{
    /// <summary>One entry a notebook, in the order in which they ran.</summary>
    public required IReadOnlyList<NotebookSummary> Notebooks { get; init; }

    /// <summary>Whether every notebook went well.</summary>
    public bool Succeeded => Notebooks.All(notebook => notebook.Succeeded);
}
