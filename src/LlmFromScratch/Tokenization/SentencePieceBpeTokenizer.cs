using System.Buffers;
using System.Text;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// SentencePiece's byte-pair encoding, the "llama" tokenizer of GGUF files: spaces become U+2581, characters are merged by the score of the result,
/// and what the vocabulary does not know is spelled in byte tokens. Nothing but user-defined tokens is split off beforehand.
/// Text never produces control, unknown or byte tokens by writing out their names. A U+2581 in the text is read as a space and comes back as one.
/// Source: Kudo and Richardson 2018, "SentencePiece"; ids are those of llama.cpp. Taught in notebooks/03-byte-pair-encoding.ipynb.
/// </summary>
[TypeFormatterSource(TypeFormatterSourceAttribute.Visuals, "TokenizerFormatterSource")]
public sealed class SentencePieceBpeTokenizer : ITokenizer
{
    private static ReadOnlySpan<byte> SpaceMarker => "\u2581"u8;

    private readonly bool _addSpacePrefix;
    private readonly byte[][] _bytes; // [V] what each id stands for
    private readonly int[] _byteIds; // [256]: the token that spells a byte
    private readonly int[] _rankOf; // [V] place of the token's score among all scores, the best is 0
    private readonly int _longestPiece; // bytes
    private readonly bool _cutsBeforeSpaces = true; // no piece has a space after another character, so no merge crosses such a place
    private readonly Dictionary<byte[], int> _pieces; // spaces as U+2581
    private readonly UserDefinedTokens _userDefined;

    /// <summary>A tokenizer over a vocabulary with scores.</summary>
    /// <param name="vocabulary">[V] tokens; spaces are written U+2581, byte tokens &lt;0xXX&gt;.</param>
    /// <param name="specialTokens">The ids with a meaning of their own.</param>
    /// <param name="addSpacePrefix">Whether a text gets a space in front, so that its first word looks like any other; Decode takes it away.</param>
    /// <exception cref="InvalidDataException">No scores, a byte token that is no byte, or neither all byte tokens nor an unknown token.</exception>
    public SentencePieceBpeTokenizer(Vocabulary vocabulary, SpecialTokens specialTokens, bool addSpacePrefix = true)
    {
        if (vocabulary.Scores.Length != vocabulary.Count)
            throw new InvalidDataException($"{vocabulary.Source}: vocabulary: expected scores, got none.");
        (Vocabulary, SpecialTokens, _addSpacePrefix) = (vocabulary, specialTokens, addSpacePrefix);
        _userDefined = new UserDefinedTokens(vocabulary);
        _pieces = new Dictionary<byte[], int>(vocabulary.Count, new ByteSequenceComparer());
        _bytes = new byte[vocabulary.Count][];
        _byteIds = ByteTokens.Find(vocabulary);
        for (int id = 0; id < vocabulary.Count; id++)
        {
            string text = vocabulary.Texts[id];
            byte[] piece = Encoding.UTF8.GetBytes(text);
            TokenKind kind = vocabulary.Kinds[id];
            if (kind is TokenKind.Normal or TokenKind.UserDefined or TokenKind.Unused)
            {
                _pieces[piece] = id; // the last of equals, as in llama.cpp
                _longestPiece = Math.Max(_longestPiece, piece.Length);
                if (text.TrimStart('\u2581').Contains('\u2581')) _cutsBeforeSpaces = false;
            }
            _bytes[id] = kind switch
            {
                TokenKind.Control or TokenKind.Unknown => [],
                TokenKind.Byte => [ByteTokens.Parse(vocabulary, id)],
                TokenKind.UserDefined => piece,
                _ => Encoding.UTF8.GetBytes(text.Replace('\u2581', ' ')),
            };
        }
        CompleteByteIds();
        _rankOf = RankByScore(vocabulary.Scores);
    }

    /// <summary>The tokens as the file writes them.</summary>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int VocabSize => Vocabulary.Count;

    /// <inheritdoc/>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>Splits text into ids; adds no special tokens. A lone surrogate is read as U+FFFD.</summary>
    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>Splits text in UTF-8 into ids; adds no special tokens. Bytes that are not UTF-8 are kept, spelled in byte tokens.</summary>
    public int[] Encode(ReadOnlySpan<byte> utf8)
    {
        List<int> ids = [];
        List<Symbol> symbols = [];
        BpeMerger merger = new();
        foreach (UserDefinedTokens.Fragment fragment in _userDefined.Split(utf8))
        {
            if (fragment.Id >= 0) ids.Add(fragment.Id);
            else EncodeFragment(Escape(utf8.Slice(fragment.Start, fragment.Length)), symbols, merger, ids);
        }
        return [.. ids];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GetBytes(int id) => _bytes[id];

    /// <summary>
    /// The text of some ids, without the space that Encode puts before a text and after each user-defined or control token.
    /// Bytes that are not UTF-8 become U+FFFD.
    /// </summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        ArrayBufferWriter<byte> text = new();
        bool atStart = true; // here stands the space that Encode put in front
        foreach (int id in ids)
        {
            ReadOnlySpan<byte> bytes = _bytes[id];
            bool isText = Vocabulary.Kinds[id] is TokenKind.Normal or TokenKind.Byte or TokenKind.Unused;
            if (isText && atStart && _addSpacePrefix && bytes.StartsWith(" "u8)) bytes = bytes[1..];
            text.Write(bytes);
            atStart = !isText;
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private void CompleteByteIds()
    {
        for (int value = 0; value < 256; value++)
        {
            if (_byteIds[value] >= 0) continue;
            _byteIds[value] = SpecialTokens.Unknown ?? throw new InvalidDataException(
                $"{Vocabulary.Source}: vocabulary: expected 256 byte tokens or an unknown token, got no <0x{value:X2}> and no unknown token.");
        }
    }

    private static int[] RankByScore(ReadOnlySpan<float> scores)
    {
        float[] distinct = [.. scores.ToArray().Distinct().OrderDescending()];
        Dictionary<float, int> rankOfScore = distinct.Select((score, rank) => (score, rank)).ToDictionary(s => s.score, s => s.rank);
        int[] ranks = new int[scores.Length];
        for (int id = 0; id < ranks.Length; id++) ranks[id] = rankOfScore[scores[id]];
        return ranks;
    }

    private byte[] Escape(ReadOnlySpan<byte> text)
    {
        int prefix = _addSpacePrefix ? SpaceMarker.Length : 0;
        byte[] escaped = new byte[checked(prefix + text.Length + text.Count((byte)' ') * (SpaceMarker.Length - 1))];
        if (_addSpacePrefix) SpaceMarker.CopyTo(escaped);
        int length = prefix;
        foreach (byte value in text)
        {
            if (value != ' ') escaped[length++] = value;
            else
            {
                SpaceMarker.CopyTo(escaped.AsSpan(length));
                length += SpaceMarker.Length;
            }
        }
        return escaped;
    }

    private void EncodeFragment(ReadOnlySpan<byte> text, List<Symbol> symbols, BpeMerger merger, List<int> ids)
    {
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> pieces = _pieces.GetAlternateLookup<ReadOnlySpan<byte>>();
        while (!text.IsEmpty)
        {
            int length = _cutsBeforeSpaces ? EndOfWord(text) : text.Length;
            EncodeWord(text[..length], pieces, symbols, merger, ids);
            text = text[length..];
        }
    }

    // Where the first space after another character stands: merging word by word gives the same ids and keeps the queue of candidates short.
    private static int EndOfWord(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (text[at..].StartsWith(SpaceMarker)) at += SpaceMarker.Length;
        int next = text[at..].IndexOf(SpaceMarker);
        return next < 0 ? text.Length : at + next;
    }

    private void EncodeWord(ReadOnlySpan<byte> word, Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> pieces,
        List<Symbol> symbols, BpeMerger merger, List<int> ids)
    {
        Span<Symbol> linked = ToCharacters(word, pieces, symbols);
        merger.Merge(linked, new MergeByScore(word, pieces, _rankOf, _longestPiece));
        for (int i = 0; i >= 0; i = linked[i].Next)
        {
            if (linked[i].Id >= 0) ids.Add(linked[i].Id);
            else foreach (byte value in word.Slice(linked[i].Start, linked[i].Length)) ids.Add(_byteIds[value]);
        }
    }

    private static Span<Symbol> ToCharacters(
        ReadOnlySpan<byte> word, Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> pieces, List<Symbol> symbols)
    {
        symbols.Clear();
        for (int start = 0; start < word.Length;)
        {
            int length = Utf8.CharacterLength(word[start..]);
            int id = pieces.TryGetValue(word.Slice(start, length), out int found) ? found : -1;
            int index = symbols.Count;
            symbols.Add(new Symbol { Start = start, Length = length, Previous = index - 1, Next = index + 1, Id = id });
            start += length;
        }
        Span<Symbol> linked = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(symbols); // nothing is added while it is in use
        linked[^1].Next = -1;
        return linked;
    }

    /// <summary>Two neighbours merge when their text is a piece; the best score goes first.</summary>
    private readonly ref struct MergeByScore(
        ReadOnlySpan<byte> text, Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> pieces, int[] rankOf, int longestPiece) : IMergeRule
    {
        private readonly ReadOnlySpan<byte> _text = text;

        public bool TryMerge(in Symbol left, in Symbol right, out int rank, out int id)
        {
            int length = left.Length + right.Length;
            bool merges = pieces.TryGetValue(length <= longestPiece ? _text.Slice(left.Start, length) : [], out id);
            rank = merges ? rankOf[id] : 0;
            return merges;
        }
    }
}
