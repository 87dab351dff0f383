namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>Puts an <see cref="AlignedText"/> together.</summary>
/// <param name="capacity">How many bytes it will probably have.</param>
internal sealed class AlignedTextBuilder(int capacity)
{
    private byte[] _bytes = new byte[capacity];
    private int[] _starts = new int[capacity], _ends = new int[capacity];
    private int _length;

    /// <summary>Adds bytes that stand for bytes [from, to) of another text: each comes from all of them.</summary>
    public void Append(ReadOnlySpan<byte> bytes, AlignedText source, int from, int to)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        (int start, int length) = source.SourceOf(from, to);
        _starts.AsSpan(_length, bytes.Length).Fill(start);
        _ends.AsSpan(_length, bytes.Length).Fill(start + length);
        _length += bytes.Length;
    }

    /// <summary>Adds bytes [from, to) of another text, each with its own part of the original.</summary>
    public void Copy(AlignedText source, int from, int to)
    {
        Reserve(to - from);
        source.Bytes[from..to].CopyTo(_bytes.AsSpan(_length));
        source.Starts[from..to].CopyTo(_starts.AsSpan(_length));
        source.Ends[from..to].CopyTo(_ends.AsSpan(_length));
        _length += to - from;
    }

    /// <summary>What was put together; nothing is added after it.</summary>
    public AlignedText ToText() => new(_bytes, _starts, _ends, 0, _length);

    private void Reserve(int count)
    {
        if (_length + count <= _bytes.Length) return;
        int capacity = Math.Max(_length + count, 2 * _bytes.Length);
        Array.Resize(ref _bytes, capacity);
        Array.Resize(ref _starts, capacity);
        Array.Resize(ref _ends, capacity);
    }
}
