using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmFromScratch.Notebooks.Model;

/// <summary>
/// A Jupyter notebook, nbformat 4.5: its cells, and its JSON with every field that it had. Loading checks what the runner relies on;
/// saving writes the bytes that Jupyter would. Source: nbformat.readthedocs.io, "The Notebook file format".
/// </summary>
public sealed class NotebookFile
{
    private readonly JsonObject _root;

    private NotebookFile(string path, JsonObject root, IReadOnlyList<NotebookCell> cells)
    {
        Path = path;
        _root = root;
        Cells = cells;
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>The file's name with its extension, as messages name it.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The folder that relative paths in cells start from.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!; // a file always has a folder

    /// <summary>All cells in reading order.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>Reads the notebook at <paramref name="path"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a notebook of nbformat 4.5; the message names the cell and the field.</exception>
    public static NotebookFile Load(string path)
    {
        string fullPath = System.IO.Path.GetFullPath(path);
        return Parse(File.ReadAllText(fullPath), fullPath);
    }

    /// <summary>Reads a notebook from <paramref name="json"/>; <paramref name="path"/> says where it would be saved.</summary>
    /// <exception cref="InvalidDataException">The text is not a notebook of nbformat 4.5; the message names the cell and the field.</exception>
    public static NotebookFile Parse(string json, string path)
    {
        string fileName = System.IO.Path.GetFileName(path);
        JsonObject root = ParseObject(json, fileName);
        int major = Integer("nbformat"), minor = Integer("nbformat_minor");
        if (major != 4 || minor < 5)
            throw new InvalidDataException($"{fileName}: field \"nbformat\": expected 4.5, got {major}.{minor}. Jupyter can save it in the newer form.");
        if (root["cells"] is not JsonArray nodes)
            throw new InvalidDataException($"{fileName}: field \"cells\": expected a list, got {NotebookJson.Brief(root["cells"])}.");

        var cells = new List<NotebookCell>(nodes.Count);
        var numberOfId = new Dictionary<string, int>();
        foreach (JsonNode? node in nodes)
        {
            int number = cells.Count + 1;
            if (node is not JsonObject members)
                throw new InvalidDataException($"{fileName}: cell {number}: expected an object, got {NotebookJson.Brief(node)}.");
            var cell = new NotebookCell(members, number, fileName);
            if (!numberOfId.TryAdd(cell.Id, number))
                throw new InvalidDataException($"{fileName}: cell {number}, field \"id\": expected a unique id, got \"{cell.Id}\", which cell {numberOfId[cell.Id]} has.");
            cells.Add(cell);
        }
        return new NotebookFile(System.IO.Path.GetFullPath(path), root, cells);

        int Integer(string field) => root[field] is JsonValue value && value.TryGetValue(out int number)
            ? number
            : throw new InvalidDataException($"{fileName}: field \"{field}\": expected a whole number, got {NotebookJson.Brief(root[field])}.");
    }

    /// <summary>The notebook as Jupyter writes it: sorted keys, texts as lists of lines, a newline at the end.</summary>
    public string ToJson()
    {
        JsonNode copy = _root.DeepClone();
        foreach (JsonNode? cell in (JsonArray)copy["cells"]!) // Parse saw the list, and an object in each place
        {
            SplitLines(cell!.AsObject(), "source");
            foreach (JsonNode? output in cell["outputs"] as JsonArray ?? [])
            {
                SplitLines(output!.AsObject(), "text");
                if (output["data"] is JsonObject data)
                {
                    foreach (string mimeType in data.Select(entry => entry.Key).ToList())
                        SplitLines(data, mimeType);
                }
            }
        }
        return NotebookJson.Write(copy);
    }

    /// <summary>Writes the notebook to <see cref="Path"/> and says whether a byte changed; an unchanged file is not touched.</summary>
    public bool Save()
    {
        string json = ToJson();
        if (File.Exists(Path) && File.ReadAllText(Path) == json)
            return false;
        File.WriteAllText(Path, json);
        return true;
    }

    private static JsonObject ParseObject(string json, string fileName)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            return root as JsonObject ?? throw new InvalidDataException($"{fileName}: expected a JSON object, got {NotebookJson.Brief(root)}.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{fileName}: expected a notebook in JSON, got: {exception.Message}", exception);
        }
    }

    private static void SplitLines(JsonObject owner, string field)
    {
        if (owner[field] is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            owner[field] = NotebookJson.ToLines(value.GetValue<string>());
    }
}
