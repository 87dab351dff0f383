namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>What went into one stage, what came out of it, and why the rest did not.</summary>
/// <param name="name">The stage.</param>
public sealed class FunnelRow(string name)
{
    private readonly SortedDictionary<string, long> _notes = new(StringComparer.Ordinal);

    /// <summary>The stage.</summary>
    public string Name { get; } = name;

    /// <summary>Documents that reached the stage.</summary>
    public long DocumentsIn { get; private set; }

    /// <summary>Documents that it let through, changed or not.</summary>
    public long DocumentsOut { get; private set; }

    /// <summary>UTF-8 bytes of the documents that reached it.</summary>
    public long BytesIn { get; private set; }

    /// <summary>UTF-8 bytes of those that it let through.</summary>
    public long BytesOut { get; private set; }

    /// <summary>How often each thing was noted: a rule that dropped a document, a line removed, an address replaced. In ordinal order of their names.</summary>
    public IReadOnlyDictionary<string, long> Notes => _notes;

    /// <summary>Counts something that happened.</summary>
    /// <param name="what">Its name.</param>
    /// <param name="count">How often; 0 notes nothing.</param>
    public void Note(string what, long count = 1)
    {
        if (count != 0) _notes[what] = _notes.GetValueOrDefault(what) + count;
    }

    internal void Enter(long bytes)
    {
        DocumentsIn++;
        BytesIn += bytes;
    }

    internal void Leave(long bytes)
    {
        DocumentsOut++;
        BytesOut += bytes;
    }
}
