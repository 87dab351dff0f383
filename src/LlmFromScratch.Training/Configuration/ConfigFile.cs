using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmFromScratch.Training.Configuration;

/// <summary>Reads recipes: JSON with the names of a config's properties in camel case. A field that is not one is refused, so that a misspelt one cannot be ignored.</summary>
public static class ConfigFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
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
            throw new InvalidDataException($"{source}: not a {typeof(T).Name}: {error.Message}", error);
        }
    }
}
