using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmFromScratch.Notebooks.Model;

/// <summary>One cell of a <see cref="NotebookFile"/>: a view over its JSON, so that fields which this class does not know stay as they are.</summary>
public sealed class NotebookCell
{
    private readonly JsonObject _node;
    private readonly HashSet<string> _tags;

    /// <summary>Reads and checks the cell at position <paramref name="number"/> (from 1) of the file named <paramref name="fileName"/>.</summary>
    /// <exception cref="InvalidDataException">A field that every cell must have is missing or of the wrong kind.</exception>
    internal NotebookCell(JsonObject node, int number, string fileName)
    {
        _node = node;
        Number = number;
        Id = Text("id") ?? throw Broken("id", "a string (nbformat 4.5)", node["id"]);
        Kind = Text("cell_type") ?? throw Broken("cell_type", "\"code\", \"markdown\" or \"raw\"", node["cell_type"]);
        if (Kind is not ("code" or "markdown" or "raw"))
            throw Broken("cell_type", "\"code\", \"markdown\" or \"raw\"", node["cell_type"]);
        Source = NotebookJson.FromLines(node["source"]) ?? throw Broken("source", "a string or a list of strings", node["source"]);
        JsonObject metadata = node["metadata"] as JsonObject ?? throw Broken("metadata", "an object", node["metadata"]);
        _tags = ReadTags(metadata["tags"]);
        Exercise = TextOf(metadata["exercise"]);
        if (Exercise is null && metadata.ContainsKey("exercise"))
            throw Broken("metadata.exercise", "a string such as \"6.3\"", metadata["exercise"]);
        if (IsCode && node["outputs"] is not JsonArray)
            throw Broken("outputs", "a list", node["outputs"]);
        if (IsCode && ((JsonArray)node["outputs"]!).FirstOrDefault(output => output is not JsonObject) is { } stray) // a JsonArray: checked above
            throw Broken("outputs", "a list of objects", stray);
        Language = TextOf((metadata["polyglot_notebook"] as JsonObject)?["kernelName"])
            ?? TextOf((metadata["dotnet_interactive"] as JsonObject)?["language"]) ?? "csharp";

        string? Text(string field) => TextOf(node[field]);

        HashSet<string> ReadTags(JsonNode? tags)
        {
            if (tags is null)
                return [];
            if (tags is not JsonArray list || list.Any(tag => TextOf(tag) is null))
                throw Broken("metadata.tags", "a list of strings", tags);
            return [.. list.Select(tag => TextOf(tag)!)]; // no null: the line above saw that each is a string
        }

        InvalidDataException Broken(string field, string expected, JsonNode? got) => new(
            $"{fileName}: cell {number}, field \"{field}\": expected {expected}, got {(got is null ? "nothing" : NotebookJson.Brief(got))}.");
    }

    /// <summary>The cell's position in the file, from 1, over cells of every kind: the number that messages name.</summary>
    public int Number { get; }

    /// <summary>The cell's id, unique in its file.</summary>
    public string Id { get; }

    /// <summary><c>code</c>, <c>markdown</c> or <c>raw</c>.</summary>
    public string Kind { get; }

    /// <summary>Whether the cell holds code.</summary>
    public bool IsCode => Kind == "code";

    /// <summary>The cell's text, lines ending in LF.</summary>
    public string Source { get; }

    /// <summary>The number of the exercise that the cell asks for ("6.3", metadata field <c>exercise</c>); null when it asks for none.</summary>
    public string? Exercise { get; }

    /// <summary>The language that the front end runs the cell in: <c>csharp</c> unless the metadata says otherwise.</summary>
    public string Language { get; }

    /// <summary>The stored outputs of a code cell; empty for other cells.</summary>
    public JsonArray Outputs => _node["outputs"] as JsonArray ?? [];

    /// <summary>Whether the metadata's list of tags holds <paramref name="tag"/>.</summary>
    public bool HasTag(string tag) => _tags.Contains(tag);

    /// <summary>Puts new outputs in the place of the stored ones. <paramref name="outputs"/> must not belong to another notebook.</summary>
    internal void Store(JsonArray outputs, int executionCount)
    {
        _node["execution_count"] = executionCount;
        _node["outputs"] = outputs;
    }

    /// <summary>Numbers the cell without touching its outputs.</summary>
    internal void StoreCount(int executionCount) => _node["execution_count"] = executionCount;

    private static string? TextOf(JsonNode? node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
