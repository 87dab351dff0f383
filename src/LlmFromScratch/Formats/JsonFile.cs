using System.Text.Json;
using System.Text.Unicode;

namespace LlmFromScratch.Formats;

/// <summary>Reads the JSON files that lie beside weights; what is no sound JSON object is refused with the file's name.</summary>
internal static class JsonFile
{
    private const int MostBytes = 100_000_000; // the largest that are published, tokenizers of 250,000 tokens, have 35 MB

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The file's object; the caller disposes the document.</summary>
    /// <exception cref="InvalidDataException">Not UTF-8, no JSON, no object, a key twice, or too large.</exception>
    public static JsonDocument Read(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > MostBytes) throw new InvalidDataException($"{path}: expected at most {MostBytes} bytes of JSON, got {length}.");
        byte[] bytes = File.ReadAllBytes(path);
        if (!Utf8.IsValid(bytes)) throw new InvalidDataException($"{path}: expected UTF-8 text, got {bytes.Length} bytes that are not UTF-8.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Options);
            RequireWholeTexts(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: half of a surrogate pair, written as an escape
        {
            throw new InvalidDataException($"{path}: expected JSON: {e.Message}", e);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        throw new InvalidDataException($"{path}: expected a JSON object, got {document.RootElement.ValueKind}.");
    }

    // Looks at every text once, so that no reader meets one that cannot be given as a string.
    private static void RequireWholeTexts(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) _ = element.GetString();
        else if (element.ValueKind == JsonValueKind.Array) foreach (JsonElement item in element.EnumerateArray()) RequireWholeTexts(item);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty property in element.EnumerateObject())
            {
                _ = property.Name;
                RequireWholeTexts(property.Value);
            }
    }
}
