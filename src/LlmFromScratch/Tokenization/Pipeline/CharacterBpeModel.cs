using System.Text;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// Byte-pair encoding that starts from characters and follows a list of merges: Gemma 4 in GGUF files, Llama 2 and Gemma in a tokenizer.json.
/// A character outside the vocabulary is spelled in byte tokens, or is unknown. Source: Sennrich et al. 2016, algorithm 1.
/// </summary>
internal sealed class CharacterBpeModel : ITokenModel
{
    private readonly Dictionary<byte[], int> _tokens;
    private readonly Dictionary<ulong, (int Rank, int Id)> _ranks;
    private readonly int[]? _byteIds; // [256]; -1: the vocabulary lacks the byte
    private readonly int? _unknown;
    private readonly Func<ReadOnlySpan<byte>, bool> _staysWhole;
    private readonly bool _fusesUnknown;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">In the order in which they were learned.</param>
    /// <param name="byteIds">[256]: what unknown characters are spelled with, or null.</param>
    /// <param name="unknown">What they become where they cannot be spelled; null leaves them out.</param>
    /// <param name="staysWhole">Which words are taken at once where they are a token.</param>
    /// <param name="fusesUnknown">Whether unknown characters side by side are one token.</param>
    public CharacterBpeModel(Vocabulary vocabulary, ReadOnlySpan<BpeMerge> merges, int[]? byteIds, int? unknown, Func<ReadOnlySpan<byte>, bool> staysWhole, bool fusesUnknown = false)
    {
        (_byteIds, _unknown, _staysWhole, _fusesUnknown) = (byteIds, unknown, staysWhole, fusesUnknown);
        _tokens = new Dictionary<byte[], int>(vocabulary.Count, new ByteSequenceComparer());
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] is not (TokenKind.Control or TokenKind.Unknown or TokenKind.Byte)) _tokens[Encoding.UTF8.GetBytes(vocabulary.Texts[id])] = id;
        _ranks = MergeByRank.Table(merges);
    }

    public void Encode(AlignedText piece, List<TokenSpan> tokens)
    {
        ReadOnlySpan<byte> text = piece.Bytes;
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> known = _tokens.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (_staysWhole(text) && known.TryGetValue(text, out int whole))
        {
            Add(0, text.Length, whole);
            return;
        }
        Symbol[] symbols = new Symbol[text.Length];
        int count = 0;
        for (int at = 0; at < text.Length; count++)
        {
            int length = Utf8.CharacterLength(text[at..]);
            int id = known.TryGetValue(text.Slice(at, length), out int found) ? found : -1;
            symbols[count] = new Symbol { Start = at, Length = length, Previous = count - 1, Next = count + 1, Id = id };
            at += length;
        }
        symbols[count - 1].Next = -1;
        new BpeMerger().Merge(symbols.AsSpan(0, count), new MergeByRank(_ranks));
        for (int i = 0; i >= 0; i = symbols[i].Next) AddSymbol(symbols[i], text);

        void AddSymbol(Symbol symbol, ReadOnlySpan<byte> bytes)
        {
            if (symbol.Id >= 0) Add(symbol.Start, symbol.Start + symbol.Length, symbol.Id);
            else if (_byteIds is null)
            {
                if (_unknown is int unknown) Add(symbol.Start, symbol.Start + symbol.Length, unknown);
            }
            else
            {
                for (int i = symbol.Start; i < symbol.Start + symbol.Length; i++)
                    if ((_byteIds[bytes[i]] is >= 0 and int id ? id : _unknown) is int spelled) Add(i, i + 1, spelled);
            }
        }

        void Add(int from, int to, int id)
        {
            (int start, int length) = piece.SourceOf(from, to);
            if (_fusesUnknown && id == _unknown && tokens.Count > 0 && tokens[^1] is var last && last.Id == id && last.Start + last.Length == start)
                tokens[^1] = last with { Length = last.Length + length };
            else tokens.Add(new TokenSpan(id, start, length));
        }
    }
}
