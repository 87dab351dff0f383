using System.Runtime.InteropServices;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// A piece of text on its way to the model: its bytes as they are now, and for each byte the part of the original that it comes from. Normalisers
/// make new ones, so that a token can still say where in the user's text it stands.
/// </summary>
internal sealed class AlignedText
{
    private readonly List<byte> _bytes = [];
    private readonly List<int> _starts = [], _ends = []; // the part of the original, in bytes

    public AlignedText()
    {
    }

    /// <summary>Bytes as they stand in the original from <paramref name="offset"/> on.</summary>
    public AlignedText(ReadOnlySpan<byte> text, int offset)
    {
        for (int i = 0; i < text.Length; i++) Append(text.Slice(i, 1), offset + i, offset + i + 1);
    }

    /// <summary>The bytes as they are now.</summary>
    public ReadOnlySpan<byte> Bytes => CollectionsMarshal.AsSpan(_bytes);

    /// <summary>The number of bytes.</summary>
    public int Length => _bytes.Count;

    /// <summary>Adds bytes that all come from one part of the original.</summary>
    public void Append(ReadOnlySpan<byte> bytes, int start, int end)
    {
        foreach (byte value in bytes)
        {
            _bytes.Add(value);
            _starts.Add(start);
            _ends.Add(end);
        }
    }

    /// <summary>Adds bytes that stand for bytes [from, to) of another text.</summary>
    public void Append(ReadOnlySpan<byte> bytes, AlignedText source, int from, int to)
    {
        (int start, int length) = source.SourceOf(from, to);
        Append(bytes, start, start + length);
    }

    /// <summary>Adds bytes [from, to) of another text, each with its own part of the original.</summary>
    public void Copy(AlignedText source, int from, int to)
    {
        _bytes.AddRange(source.Bytes[from..to]);
        _starts.AddRange(CollectionsMarshal.AsSpan(source._starts)[from..to]);
        _ends.AddRange(CollectionsMarshal.AsSpan(source._ends)[from..to]);
    }

    /// <summary>Bytes [from, to) as a text of their own.</summary>
    public AlignedText Slice(int from, int to)
    {
        if (from == 0 && to == Length) return this;
        AlignedText slice = new();
        slice.Copy(this, from, to);
        return slice;
    }

    /// <summary>The part of the original that bytes [from, to) come from; nothing, at their place, where from is to.</summary>
    public (int Start, int Length) SourceOf(int from, int to)
    {
        if (from < to) return (_starts[from], _ends[to - 1] - _starts[from]);
        return (from > 0 ? _ends[from - 1] : Length > 0 ? _starts[0] : 0, 0);
    }
}
