namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// A piece of text on its way to the model: its bytes as they are now, and for each byte the part of the original that it comes from, so that a token can
/// still say where in the user's text it stands. Immutable; pieces of a piece share its memory. Steps that change characters make new ones with an
/// <see cref="AlignedTextBuilder"/>.
/// </summary>
internal sealed class AlignedText
{
    private readonly byte[] _bytes;
    private readonly int[] _starts, _ends; // of each byte: the part of the original, in bytes
    private readonly int _from; // where this piece starts in all three

    /// <summary>Bytes as they stand in the original from <paramref name="offset"/> on.</summary>
    public AlignedText(ReadOnlySpan<byte> text, int offset)
    {
        (_bytes, _starts, _ends, Length) = (text.ToArray(), new int[text.Length], new int[text.Length], text.Length);
        for (int i = 0; i < text.Length; i++) (_starts[i], _ends[i]) = (offset + i, offset + i + 1);
    }

    /// <summary>A piece of memory that is not written any more.</summary>
    internal AlignedText(byte[] bytes, int[] starts, int[] ends, int from, int length) => (_bytes, _starts, _ends, _from, Length) = (bytes, starts, ends, from, length);

    /// <summary>The bytes as they are now.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_from, Length);

    /// <summary>For each byte, where its part of the original starts.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(_from, Length);

    /// <summary>For each byte, where its part of the original ends.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(_from, Length);

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>Bytes [from, to) as a text of their own.</summary>
    public AlignedText Slice(int from, int to) => from == 0 && to == Length ? this : new AlignedText(_bytes, _starts, _ends, _from + from, to - from);

    /// <summary>The part of the original that bytes [from, to) come from; nothing, at their place, where from is to.</summary>
    public (int Start, int Length) SourceOf(int from, int to)
    {
        if (from < to) return (Starts[from], Ends[to - 1] - Starts[from]);
        return (from > 0 ? Ends[from - 1] : Length > 0 ? Starts[0] : 0, 0);
    }
}
