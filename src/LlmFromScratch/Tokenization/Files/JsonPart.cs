using System.Text.Json;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>A value in a JSON file that knows where it stands, so that messages can say so.</summary>
internal readonly record struct JsonPart(string File, string Place, JsonElement Element)
{
    /// <summary>The document of a file.</summary>
    public static JsonDocument Read(string path)
    {
        try
        {
            return JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: expected JSON: {e.Message}", e);
        }
    }

    /// <summary>The field "type", or nothing.</summary>
    public string Type => Find("type") is { Element.ValueKind: JsonValueKind.String } type ? type.Element.GetString()! : ""; // not null: it is a string

    /// <summary>A field; none where it is missing or null.</summary>
    public JsonPart? Find(string name) => Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
        ? new JsonPart(File, Place.Length == 0 ? name : $"{Place}.{name}", value) : null;

    public JsonPart Get(string name) => Find(name) ?? throw Broken($"expected the field '{name}', got none");

    public bool GetFlag(string name, bool fallback) => Find(name) is not { } value ? fallback
        : value.Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.Element.GetBoolean() : throw value.Broken("expected true or false");

    public string GetText(string name, string? fallback = null) => Find(name) is { } value ? value.AsText() : fallback ?? throw Broken($"expected the field '{name}', got none");

    public int GetInt32(string name, int fallback) => Find(name) is not { } value ? fallback : value.AsInt32();

    public string AsText() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Broken("expected a string"); // not null: it is a string

    public int AsInt32() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) ? value : throw Broken("expected a whole number");

    public float AsSingle() => Element.ValueKind == JsonValueKind.Number ? (float)Element.GetDouble() : throw Broken("expected a number");

    public IEnumerable<JsonPart> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Broken("expected a list");
        JsonPart self = this;
        return Element.EnumerateArray().Select((item, index) => new JsonPart(self.File, $"{self.Place}[{index}]", item));
    }

    public IEnumerable<(string Name, JsonPart Value)> Fields()
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Broken("expected an object");
        JsonPart self = this;
        return Element.EnumerateObject().Select(field => (field.Name, new JsonPart(self.File, self.Place, field.Value)));
    }

    public InvalidDataException Broken(string what) => new($"{File}: {(Place.Length == 0 ? "the file" : $"field '{Place}'")}: {what}"
        + (Element.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Undefined ? "." : $", got {Element.GetRawText()[..Math.Min(60, Element.GetRawText().Length)]}."));

    public NotSupportedException Unsupported(string what) => new($"{File}: field '{Place}': {what} is not supported.");
}
