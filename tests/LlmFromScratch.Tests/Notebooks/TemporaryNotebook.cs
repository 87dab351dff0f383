using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Tests.Notebooks;

/// <summary>A small notebook in a folder of its own, which goes with it.</summary>
internal sealed class TemporaryNotebook : IDisposable
{
    private readonly JsonArray _cells = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("notebook-").FullName;

    public string FilePath => Path.Combine(Folder, "01-small.ipynb");

    public TemporaryNotebook Code(string source, string? exercise = null, params string[] tags)
    {
        var metadata = new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]) };
        if (exercise is not null)
            metadata["exercise"] = exercise;
        _cells.Add(new JsonObject
        {
            ["id"] = $"c{_cells.Count}", ["cell_type"] = "code", ["metadata"] = metadata, ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = source,
        });
        return this;
    }

    public TemporaryNotebook Markdown(string source)
    {
        _cells.Add(new JsonObject { ["id"] = $"c{_cells.Count}", ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = source });
        return this;
    }

    public TemporaryNotebook Solutions(string source)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "solutions"));
        File.WriteAllText(Path.Combine(Folder, "solutions", "01-small.cs"), source);
        return this;
    }

    public TemporaryNotebook Save()
    {
        var root = new JsonObject { ["nbformat"] = 4, ["nbformat_minor"] = 5, ["metadata"] = new JsonObject(), ["cells"] = _cells.DeepClone() };
        File.WriteAllText(FilePath, root.ToJsonString());
        return this;
    }

    public NotebookFile Load() => NotebookFile.Load(FilePath);

    /// <summary>Runs the saved notebook and returns its summary with the text of the log.</summary>
    public async Task<(NotebookSummary Summary, string Log)> RunAsync(Func<NotebookRunOptions, NotebookRunOptions>? with = null)
    {
        var options = new NotebookRunOptions { Files = [FilePath], CellTimeout = TimeSpan.FromSeconds(60), IsFullFeed = false };
        var log = new StringWriter();
        NotebookRunSummary summary = await NotebookRunner.RunAsync(with?.Invoke(options) ?? options, log, CancellationToken.None);
        return (Assert.Single(summary.Notebooks), log.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
