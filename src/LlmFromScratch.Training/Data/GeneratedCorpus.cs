using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data;

/// <summary>A set that this repository makes: its name, the ending of its files, and how its documents are made.</summary>
public sealed class GeneratedCorpus
{
    private readonly Func<CorpusRequest, Func<long, string>> _start;

    internal GeneratedCorpus(string name, string extension, string description, Func<CorpusRequest, Func<long, string>> start, bool hasSplits = true) =>
        (Name, Extension, Description, _start, HasSplits) = (name, extension, description, start, hasSplits);

    /// <summary>What recipes and <c>llmfs data make</c> call it.</summary>
    public string Name { get; }

    /// <summary>".txt" for documents with a line <c>&lt;|endoftext|&gt;</c> after each, ".jsonl" for one JSON object a line.</summary>
    public string Extension { get; }

    /// <summary>What it is, in a few words.</summary>
    public string Description { get; }

    /// <summary>Whether it can be made of held-out tales or numbers in place of those to train on; sets without splits know only that to train on.</summary>
    public bool HasSplits { get; }

    /// <summary>
    /// Writes whole documents until the file has at least <paramref name="bytes"/> bytes. The file appears under its name only when it is complete:
    /// it is written beside the target and then renamed over it. Same seed, size and split, same bytes.
    /// </summary>
    /// <param name="path">The file to make; its folder must exist, and an older file is replaced.</param>
    /// <param name="seed">Every seed is allowed.</param>
    /// <param name="bytes">The least size of the file, at least 1.</param>
    /// <param name="split">Which tales are told; sets without splits do not depend on it.</param>
    /// <param name="progress">Told the bytes written so far, about every 256 KiB and at the end; null for nobody.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind then.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public void Write(string path, ulong seed, long bytes, TaleSplit split = TaleSplit.Training, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Func<long, string> next = _start(new CorpusRequest(seed, bytes, split));
        string end = Extension == ".txt" ? $"\n{TinyTalesCorpus.Separator}\n" : "\n";
        CorpusFile.Write(path, bytes, written => next(written) + end, progress, cancellationToken);
    }
}
