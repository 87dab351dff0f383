using System.Text;
using System.Text.Json;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>Writes documents as the name of a file says: .jsonl as one JSON object a line, .txt as text with a line <c>&lt;|endoftext|&gt;</c> after each.</summary>
/// <param name="path">The file's name; nothing is opened here.</param>
internal sealed class DocumentWriter(string path)
{
    private readonly bool _json = Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".jsonl" => true,
        ".txt" => false,
        string other => throw new ArgumentException($"{path}: expected a file name that ends with .txt or .jsonl, got \"{other}\"."),
    };

    /// <summary>A document's bytes, its end included.</summary>
    /// <exception cref="InvalidDataException">A text for a .txt file has the separator as a line of its own.</exception>
    public byte[] Bytes(Document document)
    {
        if (_json) return [.. JsonSerializer.SerializeToUtf8Bytes(new { document.Text, document.Source, document.Licence }, PipelineJson.Line), (byte)'\n'];
        if ($"\n{document.Text}\n".Contains($"\n{TinyTalesCorpus.Separator}\n", StringComparison.Ordinal))
            throw new InvalidDataException($"{path}: a document of {document.Source} has a line {TinyTalesCorpus.Separator}, which would cut it in two; "
                + "write a .jsonl file instead.");
        return Encoding.UTF8.GetBytes($"{document.Text}\n{TinyTalesCorpus.Separator}\n");
    }
}
