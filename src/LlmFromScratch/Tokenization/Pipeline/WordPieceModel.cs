using System.Text;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// WordPiece's way to cut a word: the longest piece that fits, again and again from the left; a word that gets stuck is unknown as a whole.
/// A piece that starts a word is kept with U+2581 in front, as GGUF files write it. Source: Devlin et al. 2019 (BERT); Song et al. 2021.
/// Taught in notebooks/03-byte-pair-encoding.ipynb.
/// </summary>
internal sealed class WordPieceModel : ITokenModel
{
    private static ReadOnlySpan<byte> WordStart => "\u2581"u8;

    private readonly Dictionary<byte[], int> _pieces;
    private readonly int _longest; // bytes
    private readonly int _unknown, _longestWord;

    /// <param name="pieces">The pieces and their ids.</param>
    /// <param name="unknown">What a stuck word becomes.</param>
    /// <param name="longestWord">A word of more characters is unknown.</param>
    public WordPieceModel(IEnumerable<KeyValuePair<string, int>> pieces, int unknown, int longestWord = int.MaxValue)
    {
        (_unknown, _longestWord) = (unknown, longestWord);
        _pieces = new Dictionary<byte[], int>(new ByteSequenceComparer());
        foreach ((string piece, int id) in pieces)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(piece);
            _pieces[bytes] = id;
            _longest = Math.Max(_longest, bytes.Length);
        }
    }

    public void Encode(AlignedText piece, List<TokenSpan> tokens)
    {
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> pieces = _pieces.GetAlternateLookup<ReadOnlySpan<byte>>();
        byte[] word = [.. WordStart, .. piece.Bytes];
        int before = tokens.Count;
        bool fits = _longestWord == int.MaxValue || Encoding.UTF8.GetCharCount(piece.Bytes) <= _longestWord;
        for (int at = 0; fits && at < word.Length;)
        {
            int length = Math.Min(word.Length - at, _longest), id = -1;
            while (length > 0 && !pieces.TryGetValue(word.AsSpan(at, length), out id)) length--;
            if (length == 0)
            {
                fits = false;
                break;
            }
            (int start, int count) = piece.SourceOf(Math.Max(0, at - WordStart.Length), Math.Max(0, at + length - WordStart.Length));
            tokens.Add(new TokenSpan(id, start, count));
            at += length;
        }
        if (fits) return;
        tokens.RemoveRange(before, tokens.Count - before);
        (int from, int all) = piece.SourceOf(0, piece.Length);
        tokens.Add(new TokenSpan(_unknown, from, all));
    }
}
