using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace LlmFromScratch.Training.Configuration;

/// <summary>Reads recipes: JSON with the names of a config's properties in camel case. A field that is not one is refused, so that a misspelt one cannot be ignored.</summary>
public static partial class ConfigFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">A JSON file.</param>
    /// <exception cref="InvalidDataException">No JSON, an unknown or missing field, or a value out of its range; the message names it.</exception>
    public static T Load<T>(string path) where T : RunConfig => Parse<T>(File.ReadAllText(path), path);

    /// <summary>Reads a recipe.</summary>
    /// <param name="json">The text of a recipe.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">As <see cref="Load{T}"/>.</exception>
    public static T Parse<T>(string json, string source) where T : RunConfig
    {
        try
        {
            T config = JsonSerializer.Deserialize<T>(json, Options) ?? throw new InvalidDataException($"{source}: expected a JSON object, got null.");
            config.Validate(new FieldChecks(source));
            return config;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{source}: {Explain<T>(error)}", error);
        }
    }

    // The serializer speaks of members and .NET types; whoever writes a recipe knows fields.
    private static string Explain<T>(JsonException error)
    {
        string field = error.Path is { Length: > 2 } path ? path[2..] : "the recipe";
        string parent = field.Contains('.') ? field[..(field.LastIndexOf('.') + 1)] : ""; // "model."
        if (Unknown().Match(error.Message) is { Success: true } unknown)
        {
            string name = unknown.Groups[1].Value;
            string? other = parent.Length > 0 ? null : Has<FineTuningConfig>(name) ? "llmfs sft, dpo, reward or ppo" : Has<TrainingConfig>(name) ? "llmfs train" : null;
            return $"{parent}{name}: no field of this kind of recipe has that name{(other is null ? "" : $"; one that has it is for {other}")}.";
        }
        if (Missing().Match(error.Message) is { Success: true } missing)
        {
            string place = error.Path is { Length: > 2 } ? field + "." : ""; // the path is that of the object which lacks them
            return $"{string.Join(", ", missing.Groups[1].Value.Split(", ").Select(name => place + name.Trim('\'', '.')))}: missing; expected in every recipe of this kind.";
        }
        if (WrongType().Match(error.Message) is { Success: true } wrong) return $"{field}: expected {Words(wrong.Groups[1].Value)}, line {error.LineNumber + 1}.";
        if (error.Message.Contains("null", StringComparison.Ordinal)) return $"{field}: expected a value, got null, line {error.LineNumber + 1}.";
        return $"no JSON: {error.Message}";
    }

    private static bool Has<T>(string field) => field.Length > 0 && typeof(T).GetProperty(char.ToUpperInvariant(field[0]) + field[1..]) is not null;

    private static string Words(string type) => type switch
    {
        _ when type.Contains("[]") || type.Contains("Collection") || type.Contains("List") => "a list in brackets",
        _ when type.Contains("UInt") => "a whole number of at least 0",
        _ when type.Contains("Int64") => "a whole number",
        _ when type.Contains("Int") => "a whole number of at most 2147483647",
        _ when type.Contains("Single") || type.Contains("Double") => "a number",
        _ when type.Contains("Boolean") => "true or false",
        _ when type.Contains("String") => "a text in quotation marks",
        _ => "an object in braces",
    };

    [GeneratedRegex("^The JSON property '(.*?)' could not be mapped")]
    private static partial Regex Unknown();

    [GeneratedRegex("missing required properties including: (.*)$")]
    private static partial Regex Missing();

    [GeneratedRegex("^The JSON value could not be converted to ([^ ]+?)\\.? ")]
    private static partial Regex WrongType();
}
