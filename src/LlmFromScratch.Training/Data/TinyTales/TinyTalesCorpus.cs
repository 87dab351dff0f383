namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>
/// A file of tales to train on: UTF-8 without a byte order mark, '\n' line ends, after each tale (the last one too) a line
/// <c>&lt;|endoftext|&gt;</c>. Same seed and size, same bytes.
/// </summary>
public static class TinyTalesCorpus
{
    /// <summary>The line between tales: <c>&lt;|endoftext|&gt;</c>, the name that GPT-2 gave to the end of a text.</summary>
    public const string Separator = "<|endoftext|>";

    /// <summary>The documents of a file that <c>llmfs data make</c> wrote, in order: tales, or the lines of a .jsonl file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file does not end with the separator line.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (path.EndsWith(".jsonl", StringComparison.Ordinal)) return File.ReadAllLines(path);
        string[] parts = File.ReadAllText(path).Split($"\n{Separator}\n");
        return parts[^1].Length == 0
            ? parts[..^1]
            : throw new InvalidDataException($"{path}: expected the line {Separator} after the last tale, got the end of the file; is it cut off?");
    }

    /// <summary>Counts words, repetition and compressibility of <paramref name="stories"/>.</summary>
    public static TinyTalesStatistics Statistics(IEnumerable<string> stories) => TinyTalesStatistics.Of(stories);
}
