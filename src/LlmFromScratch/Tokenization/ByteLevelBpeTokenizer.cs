using System.Buffers;
using System.Text;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// Byte-level byte-pair encoding, the "gpt2" tokenizer of GGUF files: a pre-tokenizer cuts the text into words, a word starts as its bytes, and the
/// merges are applied in the order in which they were learned. Any text and any bytes can be written. Text never produces control tokens.
/// Source: Radford et al. 2019 (GPT-2), section 2.2; ids are those of llama.cpp. Taught in notebooks/03-byte-pair-encoding.ipynb.
/// </summary>
[TypeFormatterSource(TypeFormatterSourceAttribute.Visuals, "TokenizerFormatterSource")]
public sealed class ByteLevelBpeTokenizer : ITokenizer
{
    private readonly byte[][] _bytes; // [V] what each id stands for
    private readonly int[] _byteIds = new int[256]; // -1: the vocabulary lacks the byte
    private readonly Dictionary<byte[], int> _words; // whole tokens by their bytes; empty unless the pre-tokenizer keeps them
    private readonly Dictionary<ulong, (int Rank, int Id)> _ranks; // by pair: MergeByRank.Table
    private readonly BpeMerge[] _merges;
    private readonly UserDefinedTokens _userDefined;

    /// <summary>A tokenizer over a vocabulary and its merges.</summary>
    /// <param name="vocabulary">[V] tokens, one character a byte as <c>bytes_to_unicode</c> of GPT-2 writes them.</param>
    /// <param name="merges">The merges in the order in which they were learned.</param>
    /// <param name="specialTokens">The ids with a meaning of their own.</param>
    /// <param name="preTokenizer">How a text is cut into words.</param>
    /// <exception cref="InvalidDataException">A merge whose result does not have the bytes of its parts, or whose ids are no text tokens.</exception>
    public ByteLevelBpeTokenizer(Vocabulary vocabulary, ReadOnlySpan<BpeMerge> merges, SpecialTokens specialTokens, PreTokenizer preTokenizer)
    {
        (Vocabulary, SpecialTokens, PreTokenizer, _merges) = (vocabulary, specialTokens, preTokenizer, merges.ToArray());
        _userDefined = new UserDefinedTokens(vocabulary);
        _words = new Dictionary<byte[], int>(vocabulary.Count, new ByteSequenceComparer());
        _bytes = new byte[vocabulary.Count][];
        Array.Fill(_byteIds, specialTokens.Unknown ?? -1);
        for (int id = 0; id < vocabulary.Count; id++) AddToken(id);
        for (int rank = 0; rank < merges.Length; rank++) CheckMerge(rank);
        _ranks = MergeByRank.Table(merges);
    }

    /// <summary>The tokens as the file writes them.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The merges in the order in which they were learned.</summary>
    public ReadOnlySpan<BpeMerge> Merges => _merges;

    /// <summary>How a text is cut into words.</summary>
    public PreTokenizer PreTokenizer { get; }

    /// <inheritdoc/>
    public int VocabSize => Vocabulary.Count;

    /// <inheritdoc/>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>Splits text into ids; adds no special tokens. A lone surrogate is read as U+FFFD.</summary>
    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Splits text in UTF-8 into ids; adds no special tokens. Bytes that are not UTF-8 are kept. A byte that the vocabulary lacks (some published
    /// ones do) becomes the unknown token, or is left out where there is none, as in llama.cpp.
    /// </summary>
    public int[] Encode(ReadOnlySpan<byte> utf8)
    {
        List<int> ids = [];
        WordEncoder encoder = new(this);
        foreach (UserDefinedTokens.Fragment fragment in _userDefined.Split(utf8))
        {
            if (fragment.Id >= 0)
            {
                ids.Add(fragment.Id);
                continue;
            }
            ReadOnlySpan<byte> text = utf8.Slice(fragment.Start, fragment.Length);
            int start = 0;
            foreach (int end in PreTokenizer.Split(text))
            {
                encoder.Encode(text[start..end], ids);
                start = end;
            }
        }
        return [.. ids];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GetBytes(int id) => _bytes[id];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        ArrayBufferWriter<byte> text = new();
        foreach (int id in ids) text.Write(_bytes[id]);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private void AddToken(int id)
    {
        string text = Vocabulary.Texts[id];
        TokenKind kind = Vocabulary.Kinds[id];
        if (kind is TokenKind.Control or TokenKind.Unknown)
        {
            _bytes[id] = [];
            return;
        }
        bool isRaw = kind == TokenKind.UserDefined || !ByteAlphabet.TryDecode(text, out _); // user-defined tokens are written as they are
        _bytes[id] = !isRaw && ByteAlphabet.TryDecode(text, out byte[]? bytes) ? bytes : Encoding.UTF8.GetBytes(text);
        if (isRaw) return;
        if (PreTokenizer.KeepsWholeTokens) _words[_bytes[id]] = id; // the last of equals, as in llama.cpp
        if (_bytes[id].Length == 1) _byteIds[_bytes[id][0]] = id;
    }

    private void CheckMerge(int rank)
    {
        BpeMerge merge = _merges[rank];
        foreach (int id in (ReadOnlySpan<int>)[merge.Left, merge.Right, merge.Id])
            if ((uint)id >= (uint)VocabSize || _bytes[id].Length == 0) throw new InvalidDataException(
                $"{Vocabulary.Source}: merge {rank} ({merge.Left} {merge.Right} -> {merge.Id}): expected ids of text tokens below {VocabSize}, got {id}.");
        if (!_bytes[merge.Id].AsSpan().SequenceEqual([.. _bytes[merge.Left], .. _bytes[merge.Right]])) throw new InvalidDataException(
            $"{Vocabulary.Source}: merge {rank}: expected the result '{Vocabulary.Texts[merge.Left]}{Vocabulary.Texts[merge.Right]}', "
            + $"got '{Vocabulary.Texts[merge.Id]}' (token {merge.Id}).");
    }

    /// <summary>Encodes the words of one call: its buffers are reused, and a word seen before is not merged again.</summary>
    private sealed class WordEncoder(ByteLevelBpeTokenizer tokenizer)
    {
        private const int LongestRemembered = 32; // bytes: longer words seldom come again

        private readonly BpeMerger _merger = new();
        private readonly List<int> _rememberedIds = [];
        private readonly Dictionary<byte[], (int Start, int Count)> _remembered = new(new ByteSequenceComparer());
        private Symbol[] _symbols = new Symbol[LongestRemembered];

        public void Encode(ReadOnlySpan<byte> word, List<int> ids)
        {
            Dictionary<byte[], (int Start, int Count)>.AlternateLookup<ReadOnlySpan<byte>> remembered =
                _remembered.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (remembered.TryGetValue(word, out (int Start, int Count) known))
            {
                ids.AddRange(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rememberedIds).Slice(known.Start, known.Count));
                return;
            }
            int start = ids.Count;
            if (tokenizer._words.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(word, out int id)) ids.Add(id);
            else Merge(word, ids);
            if (word.Length > LongestRemembered) return;
            remembered[word] = (_rememberedIds.Count, ids.Count - start);
            for (int i = start; i < ids.Count; i++) _rememberedIds.Add(ids[i]);
        }

        private void Merge(ReadOnlySpan<byte> word, List<int> ids)
        {
            if (_symbols.Length < word.Length) _symbols = new Symbol[word.Length];
            Span<Symbol> symbols = _symbols.AsSpan(0, word.Length);
            for (int i = 0; i < word.Length; i++)
                symbols[i] = new Symbol { Start = i, Length = 1, Previous = i - 1, Next = i + 1, Id = tokenizer._byteIds[word[i]] };
            symbols[^1].Next = -1;
            _merger.Merge(symbols, new MergeByRank(tokenizer._ranks));
            for (int i = 0; i >= 0; i = symbols[i].Next)
                if (symbols[i].Id >= 0) ids.Add(symbols[i].Id);
        }
    }
}
