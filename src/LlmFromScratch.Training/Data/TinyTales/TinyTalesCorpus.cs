namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>
/// A file of tales to train on: UTF-8 without a byte order mark, '\n' line ends, after each tale (the last one too) a line
/// <c>&lt;|endoftext|&gt;</c>. Same seed and size, same bytes.
/// </summary>
public static class TinyTalesCorpus
{
    /// <summary>The line between tales: <c>&lt;|endoftext|&gt;</c>, the name that GPT-2 gave to the end of a text.</summary>
    public const string Separator = "<|endoftext|>";

    /// <summary>
    /// Writes tales until the file has at least <paramref name="bytes"/> bytes; the last tale is whole. The file appears under its name
    /// only when it is complete: it is written beside the target and then renamed over it.
    /// </summary>
    /// <param name="path">The file to make; its folder must exist, and an older file is replaced.</param>
    /// <param name="seed">The seed of the <see cref="TinyTalesGenerator"/>.</param>
    /// <param name="bytes">The least size of the file, at least 1.</param>
    /// <param name="progress">Told the bytes written so far, about every 256 KiB and at the end; null for nobody.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind then.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public static void Write(string path, ulong seed, long bytes, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        TinyTalesGenerator generator = new(seed);
        CorpusFile.Write(path, bytes, _ => $"{generator.NextStory()}\n{Separator}\n", progress, cancellationToken);
    }

    /// <summary>The tales of a file that <see cref="Write"/> made, in order.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file does not end with the separator line.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        string[] parts = File.ReadAllText(path).Split($"\n{Separator}\n");
        return parts[^1].Length == 0
            ? parts[..^1]
            : throw new InvalidDataException($"{path}: expected the line {Separator} after the last tale, got the end of the file; is it cut off?");
    }

    /// <summary>Counts words, repetition and compressibility of <paramref name="stories"/>.</summary>
    public static TinyTalesStatistics Statistics(IEnumerable<string> stories) => TinyTalesStatistics.Of(stories);
}
