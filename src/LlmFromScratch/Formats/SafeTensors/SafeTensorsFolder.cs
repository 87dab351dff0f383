using System.Text.Json;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.SafeTensors;

/// <summary>
/// The safetensors files of a folder as one set of named tensors: <c>model.safetensors.index.json</c> with its shards where there is one,
/// else <c>model.safetensors</c>.
/// </summary>
public sealed class SafeTensorsFolder : IDisposable
{
    /// <summary>The file of a checkpoint that lies in one piece.</summary>
    public const string SingleFileName = "model.safetensors";

    /// <summary>The file that says in which shard each tensor lies.</summary>
    public const string IndexFileName = "model.safetensors.index.json";

    private readonly SafeTensorsFile[] _files;
    private readonly Dictionary<string, SafeTensorsFile> _owners; // tensor name -> the file that holds it

    private SafeTensorsFolder(string path, SafeTensorsFile[] files, Dictionary<string, SafeTensorsFile> owners)
    {
        (Path, _files, _owners) = (path, files, owners);
        Tensors = [.. files.SelectMany(file => file.Tensors.Where(tensor => owners.GetValueOrDefault(tensor.Name) == file))];
    }

    /// <summary>The folder that was opened.</summary>
    public string Path { get; }

    /// <summary>The files, shards in the order of their names.</summary>
    public IReadOnlyList<SafeTensorsFile> Files => _files;

    /// <summary>All tensors, file after file.</summary>
    public IReadOnlyList<SafeTensorsInfo> Tensors { get; }

    /// <summary>Opens all files of a folder and checks their headers and the index.</summary>
    /// <exception cref="InvalidDataException">There are no weights, a file breaks its format, or index and shards do not agree.</exception>
    /// <exception cref="NotSupportedException">A type that is not known.</exception>
    public static SafeTensorsFolder Open(string path)
    {
        string index = System.IO.Path.Combine(path, IndexFileName);
        if (File.Exists(index)) return OpenShards(path, index);
        string single = System.IO.Path.Combine(path, SingleFileName);
        if (!File.Exists(single)) throw new InvalidDataException(
            $"{path}: expected weights in {SingleFileName} or {IndexFileName}, got a folder without them.");
        SafeTensorsFile file = SafeTensorsFile.Open(single);
        return new SafeTensorsFolder(path, [file], file.Tensors.ToDictionary(tensor => tensor.Name, _ => file));
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _owners.ContainsKey(name);

    /// <summary>A tensor over its mapped file: see <see cref="SafeTensorsFile.GetTensor"/>.</summary>
    /// <exception cref="InvalidDataException">No file has a tensor of this name.</exception>
    /// <exception cref="NotSupportedException">The engine has no type for it, or it has more than four axes.</exception>
    public Tensor GetTensor(string name) => _owners.TryGetValue(name, out SafeTensorsFile? file) ? file.GetTensor(name) : throw new InvalidDataException(
        $"{Path}: tensor '{name}' is missing; the folder's {_files.Length} safetensors files have {Tensors.Count} tensors.");

    /// <summary>Unmaps all files.</summary>
    public void Dispose()
    {
        foreach (SafeTensorsFile file in _files) file.Dispose();
    }

    private static SafeTensorsFolder OpenShards(string path, string index)
    {
        Dictionary<string, string> shardOf = ReadIndex(index);
        List<SafeTensorsFile> files = [];
        try
        {
            foreach (string name in shardOf.Values.Distinct().Order(StringComparer.Ordinal))
            {
                string file = System.IO.Path.Combine(path, name);
                if (!File.Exists(file)) throw new InvalidDataException($"{index}: weight_map names the shard '{name}'; expected it beside the index, got no such file.");
                files.Add(SafeTensorsFile.Open(file));
            }
            return new SafeTensorsFolder(path, [.. files], Join(index, shardOf, files));
        }
        catch
        {
            foreach (SafeTensorsFile file in files) file.Dispose();
            throw;
        }
    }

    // {"metadata": .., "weight_map": {"tensor": "file", ..}}
    private static Dictionary<string, string> ReadIndex(string path)
    {
        using JsonDocument index = JsonFile.Read(path);
        if (!index.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object || !map.EnumerateObject().Any())
            throw new InvalidDataException($"{path}: weight_map: expected an object that names the file of each tensor, got none.");
        Dictionary<string, string> shardOf = [];
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string? shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
            // A plain name: an index must not reach files outside its folder.
            if (shard is null || !shard.EndsWith(".safetensors", StringComparison.Ordinal) || shard.AsSpan().ContainsAny("/\\:\0"))
                throw new InvalidDataException($"{path}: weight_map '{entry.Name}': expected the name of a .safetensors file beside the index, got {entry.Value.GetRawText()}.");
            shardOf.Add(entry.Name, shard);
        }
        return shardOf;
    }

    private static Dictionary<string, SafeTensorsFile> Join(string index, Dictionary<string, string> shardOf, List<SafeTensorsFile> files)
    {
        Dictionary<string, SafeTensorsFile> byName = files.ToDictionary(file => System.IO.Path.GetFileName(file.Path));
        Dictionary<string, SafeTensorsFile> owners = [];
        foreach ((string tensor, string shard) in shardOf)
            owners[tensor] = byName[shard].Contains(tensor) ? byName[shard] : throw new InvalidDataException(
                $"{index}: weight_map says that '{shard}' holds the tensor '{tensor}'; expected it there, got {byName[shard].Tensors.Count} tensors without it.");
        return owners;
    }
}
