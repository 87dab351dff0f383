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

    private readonly ByteTrie _pieces = new();
    private readonly int _unknown, _longestWord;

    /// <param name="pieces">The pieces and their ids.</param>
    /// <param name="unknown">What a stuck word becomes.</param>
    /// <param name="longestWord">A word of more characters is unknown.</param>
    public WordPieceModel(IEnumerable<KeyValuePair<string, int>> pieces, int unknown, int longestWord = int.MaxValue)
    {
        (_unknown, _longestWord) = (unknown, longestWord);
        foreach ((string piece, int id) in pieces) _pieces.Add(Encoding.UTF8.GetBytes(piece), id);
    }

    public void Encode(AlignedText piece, List<TokenSpan> tokens)
    {
        int before = tokens.Count;
        Span<byte> word = piece.Length <= 256 ? stackalloc byte[WordStart.Length + piece.Length] : new byte[WordStart.Length + piece.Length];
        WordStart.CopyTo(word);
        piece.Bytes.CopyTo(word[WordStart.Length..]);
        bool fits = _longestWord == int.MaxValue || Encoding.UTF8.GetCharCount(piece.Bytes) <= _longestWord;
        for (int at = 0; fits && at < word.Length;)
        {
            int length = 0, id = -1;
            for (int end = at, node = 0; end < word.Length && _pieces.TryStep(ref node, word[end], out int found);)
            {
                end++;
                if (found >= 0) (length, id) = (end - at, found);
            }
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
