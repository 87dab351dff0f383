namespace LlmFromScratch.Tokenization;

/// <summary>The tokens of a model as its file writes them: a text, a kind and perhaps a score for each id. Immutable.</summary>
public sealed class Vocabulary
{
    private readonly string[] _texts;
    private readonly TokenKind[] _kinds;
    private readonly float[] _scores;

    /// <summary>A vocabulary; ids are the places in the lists.</summary>
    /// <param name="source">Where it comes from, for messages: a file's path.</param>
    /// <param name="texts">[V].</param>
    /// <param name="kinds">[V]; empty means that all are <see cref="TokenKind.Normal"/>.</param>
    /// <param name="scores">[V]; empty for vocabularies that rank merges instead. A higher score is merged first.</param>
    /// <exception cref="InvalidDataException">Lists of different lengths, an unknown kind, or a score that is no number.</exception>
    public Vocabulary(string source, ReadOnlySpan<string> texts, ReadOnlySpan<TokenKind> kinds = default, ReadOnlySpan<float> scores = default)
    {
        (Source, _texts, _kinds, _scores) = (source, texts.ToArray(), kinds.ToArray(), scores.ToArray());
        if (kinds.IsEmpty)
        {
            _kinds = new TokenKind[texts.Length];
            Array.Fill(_kinds, TokenKind.Normal);
        }
        if (_kinds.Length != texts.Length) throw new InvalidDataException(
            $"{source}: vocabulary: expected a kind for each of {texts.Length} tokens, got {_kinds.Length} kinds.");
        if (_scores.Length != texts.Length && !scores.IsEmpty) throw new InvalidDataException(
            $"{source}: vocabulary: expected a score for each of {texts.Length} tokens, got {_scores.Length} scores.");
        for (int id = 0; id < _kinds.Length; id++)
            if (_kinds[id] is < TokenKind.Normal or > TokenKind.Byte)
                throw new InvalidDataException($"{source}: vocabulary: kind of token {id}: expected 1 to 6, got {(int)_kinds[id]}.");
        for (int id = 0; id < _scores.Length; id++)
            if (float.IsNaN(_scores[id])) throw new InvalidDataException($"{source}: vocabulary: score of token {id}: expected a number, got NaN.");
    }

    /// <summary>Where the vocabulary comes from, for messages.</summary>
    public string Source { get; }

    /// <summary>V: the number of tokens.</summary>
    public int Count => _texts.Length;

    /// <summary>[V]: the tokens as the file writes them: U+2581 for a space (SentencePiece), one character a byte (byte-level BPE).</summary>
    public ReadOnlySpan<string> Texts => _texts;

    /// <summary>[V]: what each token is for.</summary>
    public ReadOnlySpan<TokenKind> Kinds => _kinds;

    /// <summary>[V], or empty where the vocabulary ranks merges instead.</summary>
    public ReadOnlySpan<float> Scores => _scores;
}
