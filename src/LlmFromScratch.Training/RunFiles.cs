namespace LlmFromScratch.Training;

/// <summary>The files of one run's folder.</summary>
/// <param name="directory">The folder; it is made if it is missing.</param>
internal sealed class RunFiles(string directory)
{
    public string Directory { get; } = System.IO.Directory.CreateDirectory(directory).FullName;

    public string Corpus => Path.Combine(Directory, "corpus.txt");

    public string Tokens => Path.Combine(Directory, "tokens.bin");

    public string Checkpoint => Path.Combine(Directory, "checkpoint.bin");

    public string Metrics => Path.Combine(Directory, "metrics.jsonl");
}
