using System.Globalization;
using LlmFromScratch.Formats.Gguf;

namespace LlmFromScratch.Models;

/// <summary>The metadata of a GGUF file under the name of its architecture: key "block_count" is "llama.block_count" in a llama file.</summary>
internal sealed class GgufKeys(GgufFile file, string architecture)
{
    public GgufFile File => file;

    public string Architecture => architecture;

    public string NameOf(string key) => $"{architecture}.{key}";

    public bool Has(string key) => file.Metadata.Contains(NameOf(key));

    public int Int(string key) => file.Metadata.GetInt32(NameOf(key));

    public int Int(string key, int otherwise) => file.Metadata.TryGetInt32(NameOf(key), out int value) ? value : otherwise;

    public float Single(string key) => file.Metadata.GetSingle(NameOf(key));

    public float Single(string key, float otherwise) => file.Metadata.TryGetSingle(NameOf(key), out float value) ? value : otherwise;

    public string Text(string key, string otherwise) => file.Metadata.TryGetString(NameOf(key), out string? value) ? value : otherwise;

    /// <summary>An array of booleans; null where the key is missing or a number.</summary>
    public bool[]? Flags(string key) =>
        file.Metadata.TryGetValue(NameOf(key), out object? value) && value is Array ? file.Metadata.GetArray<bool>(NameOf(key)) : null;

    /// <summary>Fails where a key says something that the engine would have to ignore.</summary>
    public void Refuse(string key, int unless)
    {
        int value = Int(key, unless);
        if (value != unless) throw new NotSupportedException($"{file.Path}: {NameOf(key)} is {value}; supported: {unless}.");
    }

    public InvalidDataException Invalid(string key, int value, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {NameOf(key)} is {value}; expected {expected}."));
}
