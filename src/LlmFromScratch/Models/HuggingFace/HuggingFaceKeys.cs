using System.Text.Json;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>The entries of a config.json, or of an object in it; a key that is null counts as missing. Errors name the file and the key.</summary>
internal sealed class HuggingFaceKeys(string file, JsonElement root, string path = "")
{
    public string File => file;

    public bool Has(string key) => Find(key) is not null;

    public int Int(string key) => Int(key, null);

    public int Int(string key, int? otherwise) => Find(key) is not { } value ? otherwise ?? throw Missing(key)
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Invalid(key, "a whole number of 32 bits");

    public float Single(string key) => Single(key, null);

    public float Single(string key, float? otherwise) => Find(key) is not { } value ? otherwise ?? throw Missing(key)
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && float.IsFinite((float)number) ? (float)number : throw Invalid(key, "a number");

    public string Text(string key) => Text(key, null);

    public string Text(string key, string? otherwise) => Find(key) is not { } value ? otherwise ?? throw Missing(key)
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Invalid(key, "a text"); // not null: the kind says so

    public bool Flag(string key, bool otherwise) => Find(key) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Invalid(key, "true or false");

    /// <summary>An array of numbers.</summary>
    public float[] Singles(string key) => Items(key) is { } items && items.All(item => item.ValueKind == JsonValueKind.Number)
        ? [.. items.Select(item => (float)item.GetDouble())] : throw Invalid(key, "an array of numbers");

    /// <summary>An array of texts, or null where there is none.</summary>
    public string[]? Texts(string key) => !Has(key) ? null : Items(key) is { } items && items.All(item => item.ValueKind == JsonValueKind.String)
        ? [.. items.Select(item => item.GetString()!)] : throw Invalid(key, "an array of texts"); // not null: the kind says so

    /// <summary>The entries of an object, or null where there is none.</summary>
    public HuggingFaceKeys? Object(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new HuggingFaceKeys(file, value, NameOf(key) + ".") : throw Invalid(key, "an object");

    /// <summary>Fails where a text is none of those that the engine knows.</summary>
    public void Require(string key, params ReadOnlySpan<string> supported)
    {
        string text = Text(key, supported[0]);
        if (!supported.Contains(text)) throw new NotSupportedException($"{file}: {NameOf(key)} is '{text}'; supported: {string.Join(", ", supported!)}.");
    }

    public string NameOf(string key) => path + key;

    public InvalidDataException Invalid(string key, string expected)
    {
        string got = Find(key)?.GetRawText() ?? "nothing";
        return new InvalidDataException($"{file}: {NameOf(key)}: expected {expected}, got {(got.Length <= 80 ? got : got[..80] + "...")}.");
    }

    private InvalidDataException Missing(string key) => new($"{file}: {NameOf(key)} is missing; expected a model's config.json with this key.");

    private JsonElement? Find(string key) => root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private JsonElement[]? Items(string key) => Find(key) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : null;
}
