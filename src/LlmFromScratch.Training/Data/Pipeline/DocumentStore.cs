using System.Runtime.InteropServices;
using System.Text;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>Documents in a temporary file, so that they can be read in another order without holding their texts; deleted when disposed.</summary>
/// <param name="path">The file; an older one is replaced.</param>
internal sealed class DocumentStore(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    private readonly SortedDictionary<string, List<(long Offset, int Length, string? Licence)>> _sources = new(StringComparer.Ordinal);

    /// <summary>Where each source's documents lie, in their order.</summary>
    public IReadOnlyDictionary<string, List<(long Offset, int Length, string? Licence)>> Sources => _sources;

    public void Add(Document document)
    {
        if (!_sources.TryGetValue(document.Source, out List<(long, int, string?)>? places)) _sources.Add(document.Source, places = []);
        byte[] text = Encoding.UTF8.GetBytes(document.Text);
        places.Add((_file.Position, text.Length, document.Licence));
        _file.Write(text);
    }

    public Document Read(string source, int number)
    {
        (long offset, int length, string? licence) = _sources[source][number];
        byte[] text = new byte[length];
        _file.Position = offset;
        _file.ReadExactly(text);
        return new Document(Encoding.UTF8.GetString(text), source, licence);
    }

    /// <summary>Brings the documents of each source into a drawn order.</summary>
    public void Shuffle(SeededRandom random)
    {
        foreach (List<(long, int, string?)> places in _sources.Values) random.Shuffle(CollectionsMarshal.AsSpan(places));
    }

    /// <summary>All documents of all sources in one drawn order.</summary>
    public IEnumerable<Document> ReadShuffled(SeededRandom random)
    {
        (string Source, int Number)[] order = [.. _sources.SelectMany(source => Enumerable.Range(0, source.Value.Count).Select(number => (source.Key, number)))];
        random.Shuffle(order.AsSpan());
        return order.Select(place => Read(place.Source, place.Number));
    }

    public void Dispose() => _file.Dispose();
}
