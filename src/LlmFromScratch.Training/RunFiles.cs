using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Training;

/// <summary>The files of one run's folder.</summary>
/// <param name="directory">The folder; it is made if it is missing.</param>
internal sealed class RunFiles(string directory)
{
    public const string CheckpointName = "checkpoint.bin";

    public string Directory { get; } = System.IO.Directory.CreateDirectory(directory).FullName;

    public string Tokens => Path.Combine(Directory, "tokens.bin");

    public string Checkpoint => Path.Combine(Directory, CheckpointName);

    public string Metrics => Path.Combine(Directory, "metrics.jsonl");

    /// <summary>A generated corpus; the name tells one from another.</summary>
    public string Corpus(CorpusConfig corpus) => Path.Combine(Directory, $"{corpus.Generator}-{corpus.Seed}-{corpus.Bytes}.txt");
}
