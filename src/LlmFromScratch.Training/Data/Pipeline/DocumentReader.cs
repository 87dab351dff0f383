using System.Text;
using System.Text.Json;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Reads the documents of a file one after the other. A file .jsonl has a JSON object a line with "text" and, if stated, "source" and "licence" (or "license").
/// Any other file is text: where its first MiB has a line <c>&lt;|endoftext|&gt;</c>, such lines end the documents; otherwise blank lines do.
/// </summary>
public sealed class DocumentReader
{
    private const int LookAhead = 1 << 20; // characters in which the first separator must stand

    /// <summary>The licence of documents that state none; null for unknown.</summary>
    public string? Licence { get; init; }

    /// <summary>
    /// Blocks between blank lines are joined to documents of at least so many characters, for a book whose paragraphs are no documents; 0 joins none.
    /// </summary>
    public int JoinCharacters { get; init; }

    /// <summary>The documents of a file, in order; empty ones are left out.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <exception cref="InvalidDataException">The file is not UTF-8, or a line of it is no such object; the message names file and line.</exception>
    public IEnumerable<Document> Read(string path)
    {
        string source = Path.GetFileNameWithoutExtension(path);
        if (path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) return ReadObjects(path, source);
        IEnumerable<string> texts = HasSeparators(path) ? ReadSeparated(path) : ReadBlocks(path);
        return texts.Select(text => new Document(text, source, Licence));
    }

    private IEnumerable<Document> ReadObjects(string path, string source)
    {
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line) && Parse(line, path, number, source) is { Text.Length: > 0 } document) yield return document;
        }
    }

    private Document Parse(string line, string path, int number, string source)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{path}: line {number}: expected a JSON object, got {root.ValueKind}.");
            string text = Field(root, "text") ?? throw new InvalidDataException($"{path}: line {number}: expected a string \"text\", got none.");
            return new Document(text.ReplaceLineEndings("\n").Trim('\n'), Field(root, "source") ?? source, Field(root, "licence") ?? Field(root, "license") ?? Licence);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: line {number}: expected a JSON object, got what is none: {error.Message}", error);
        }

        string? Field(JsonElement root, string name)
        {
            if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;
            if (value.ValueKind != JsonValueKind.String) throw new InvalidDataException($"{path}: line {number}: expected a string \"{name}\", got {value.ValueKind}.");
            return value.GetString();
        }
    }

    private static bool HasSeparators(string path)
    {
        int characters = 0;
        foreach (string line in Lines(path))
        {
            if (line == TinyTalesCorpus.Separator) return true;
            characters += line.Length + 1;
            if (characters > LookAhead) break;
        }
        return false;
    }

    private static IEnumerable<string> ReadSeparated(string path)
    {
        StringBuilder text = new();
        foreach (string line in Lines(path).Append(TinyTalesCorpus.Separator)) // the last one may lack its separator
        {
            if (line != TinyTalesCorpus.Separator) text.Append(line).Append('\n');
            else if (Take(text) is { Length: > 0 } document) yield return document;
        }
    }

    private IEnumerable<string> ReadBlocks(string path)
    {
        StringBuilder text = new();
        foreach (string line in Lines(path))
        {
            if (line.Length > 0 && !string.IsNullOrWhiteSpace(line)) text.Append(line).Append('\n');
            else if (text.Length >= JoinCharacters && Take(text) is { Length: > 0 } document) yield return document;
            else if (text.Length > 0 && text[^1] == '\n' && (text.Length < 2 || text[^2] != '\n')) text.Append('\n'); // a blank line inside a joined document
        }
        if (Take(text) is { Length: > 0 } last) yield return last;
    }

    private static string Take(StringBuilder text)
    {
        string taken = text.ToString().Trim('\n');
        text.Clear();
        return taken;
    }

    private static IEnumerable<string> Lines(string path)
    {
        using StreamReader reader = new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        for (int number = 1; Next(reader, path, number) is string line; number++) yield return line;
    }

    private static string? Next(StreamReader reader, string path, int number)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{path}: line {number} or a little after: expected UTF-8, got the bytes {Convert.ToHexString(error.BytesUnknown ?? [])}.", error);
        }
    }
}
