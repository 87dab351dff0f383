using System.Text;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// Unigram: every piece has a log-probability, and a text is cut where the sum over its pieces is largest. Viterbi's algorithm keeps for each place the
/// best cut up to it, so n bytes take O(n times the longest piece). A character that no piece covers is unknown; unknowns side by side are one.
/// Source: Kudo 2018, "Subword Regularization", section 3.2; Viterbi 1967; scores are summed in float64, as llama.cpp and Hugging Face do.
/// Taught in notebooks/03-byte-pair-encoding.ipynb.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const double UnknownPenalty = 10; // below the worst piece

    private readonly ByteTrie _pieces = new();
    private readonly double[] _scores; // [V]
    private readonly int _unknown;
    private readonly double _unknownScore;
    private readonly int[]? _byteIds; // [256]: what unknown characters are spelled with, or null

    private readonly record struct Best(int Id, int From, double Score);

    /// <param name="vocabulary">[V] pieces with scores.</param>
    /// <param name="unknown">What an unknown character becomes.</param>
    /// <param name="byteIds">[256]: the byte tokens that spell it instead, or null.</param>
    public UnigramModel(Vocabulary vocabulary, int unknown, int[]? byteIds = null)
    {
        (_unknown, _byteIds, _scores) = (unknown, byteIds, new double[vocabulary.Count]);
        double worst = double.MaxValue;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            TokenKind kind = vocabulary.Kinds[id];
            _scores[id] = kind == TokenKind.UserDefined ? 0 : vocabulary.Scores[id];
            if (kind == TokenKind.Normal) worst = Math.Min(worst, vocabulary.Scores[id]);
            if (kind is TokenKind.Normal or TokenKind.UserDefined or TokenKind.Unused) _pieces.Add(Encoding.UTF8.GetBytes(vocabulary.Texts[id]), id);
        }
        _unknownScore = worst - UnknownPenalty;
    }

    public void Encode(AlignedText piece, List<TokenSpan> tokens)
    {
        ReadOnlySpan<byte> text = piece.Bytes;
        Best[] best = new Best[text.Length + 1]; // [n + 1]: the best cut of the first i bytes
        best.AsSpan(1).Fill(new Best(_unknown, 0, double.NegativeInfinity));
        for (int at = 0; at < text.Length;)
        {
            int character = Utf8.CharacterLength(text[at..]);
            bool isCovered = false;
            for (int end = at, node = 0; end < text.Length && _pieces.TryStep(ref node, text[end], out int id);)
            {
                end++;
                if (id < 0) continue;
                isCovered |= end - at == character;
                Offer(best, at, end, id, _scores[id]);
            }
            if (!isCovered) Offer(best, at, at + character, _unknown, _unknownScore);
            at += character;
        }
        Append(piece, best, tokens);
    }

    private static void Offer(Best[] best, int from, int to, int id, double score)
    {
        double sum = best[from].Score + score;
        if (sum > best[to].Score) best[to] = new Best(id, from, sum);
    }

    private void Append(AlignedText piece, Best[] best, List<TokenSpan> tokens)
    {
        int first = tokens.Count;
        for (int end = piece.Length; end > 0;)
        {
            Best last = best[end];
            int from = last.From;
            if (last.Id == _unknown && _byteIds is null)
                while (from > 0 && best[from].Id == _unknown) from = best[from].From; // unknowns side by side are one
            if (last.Id == _unknown && _byteIds is not null)
            {
                for (int i = end - 1; i >= from; i--) Add(i, i + 1, _byteIds[piece.Bytes[i]]);
            }
            else Add(from, end, last.Id);
            end = from;
        }
        tokens.Reverse(first, tokens.Count - first);

        void Add(int from, int to, int id)
        {
            (int start, int length) = piece.SourceOf(from, to);
            tokens.Add(new TokenSpan(id, start, length));
        }
    }
}
