using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlmFromScratch.Formats;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Files with one JSON object a line: conversations and preferences.</summary>
public static class JsonLines
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads every line that is not blank, one at a time as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="toLearn">Whether the examples are to be learnt from, and not only asked.</param>
    /// <exception cref="InvalidDataException">A line is no such object, the object has a fault, or the file has none; the message names file and line.</exception>
    public static IEnumerable<T> Read<T>(string path, bool toLearn = false) where T : IExample
    {
        int number = 0, count = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            count++;
            T example = Parse<T>(line, path, number);
            yield return example.Fault(toLearn) is string fault ? throw new InvalidDataException($"{path}: line {number}: {fault}.") : example;
        }
        if (count == 0) throw new InvalidDataException($"{path}: expected at least one line, got none.");
    }

    /// <summary>Writes the file beside its place and renames it.</summary>
    public static void Write<T>(string path, IEnumerable<T> examples) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (T example in examples) writer.WriteLine(JsonSerializer.Serialize(example, Options));
    });

    private static T Parse<T>(string line, string path, int number) where T : IExample
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Options) ?? throw new InvalidDataException($"{path}: line {number}: expected an object, got null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: line {number}: expected {T.Form}: {error.Message}", error);
        }
    }
}
