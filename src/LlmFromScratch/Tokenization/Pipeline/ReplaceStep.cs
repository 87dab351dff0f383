namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>Replaces a text wherever it stands.</summary>
internal sealed class ReplaceStep(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) : TextNormalizer
{
    private readonly byte[] _from = from.IsEmpty ? throw new ArgumentException("ReplaceStep: expected a text to replace, got an empty one.") : from.ToArray();
    private readonly byte[] _to = to.ToArray();

    protected override AlignedText Normalize(AlignedText piece)
    {
        AlignedTextBuilder result = new(piece.Length);
        int at = 0;
        for (int next; (next = piece.Bytes[at..].IndexOf(_from)) >= 0; at += next + _from.Length)
        {
            result.Copy(piece, at, at + next);
            result.Append(_to, piece, at + next, at + next + _from.Length);
        }
        result.Copy(piece, at, piece.Length);
        return result.ToText();
    }
}
