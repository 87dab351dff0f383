using System.Collections;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Numbers that can be read from front to back once, as a kernel reads a row that is too long to keep.</summary>
internal sealed class ReadOnceStream(float[] values) : IEnumerable<float>
{
    private bool _wasRead;

    /// <summary>Starts to read.</summary>
    /// <exception cref="InvalidOperationException">The stream has been read before.</exception>
    public IEnumerator<float> GetEnumerator()
    {
        if (_wasRead) throw new InvalidOperationException("This stream can be read only once.");
        _wasRead = true;
        return ((IEnumerable<float>)values).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
