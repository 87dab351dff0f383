using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Training.Configuration;

/// <summary>Where a run's text comes from: a file, or a generator of this repository.</summary>
public sealed record CorpusConfig
{
    /// <summary>A UTF-8 text file; documents are separated by a line <c>&lt;|endoftext|&gt;</c>. Relative to the current directory.</summary>
    public string? File { get; init; }

    /// <summary>The name of a generator, in place of a file: see <see cref="GeneratedCorpora.TextNames"/>.</summary>
    public string? Generator { get; init; }

    /// <summary>The generator's seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many bytes of text the generator writes at least.</summary>
    public long Bytes { get; init; } = 10_000_000;
}
