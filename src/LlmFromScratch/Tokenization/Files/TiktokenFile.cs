using System.Globalization;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>
/// Reads the rank files of OpenAI's tokenizers: a line for each token, its bytes in base64, a space, its rank, which is also its id. Two neighbours merge
/// when their bytes together are a token, the lowest rank first. The pattern and the special tokens are not in the file; they go with the encoding's name.
/// Source: tiktoken, openai_public.py.
/// </summary>
public static class TiktokenFile
{
    private const string EndOfText = "<|endoftext|>";

    private static readonly (string Name, string Pattern, (string Name, int Id)[] Special)[] Encodings =
    [
        ("r50k_base", "gpt-2", [(EndOfText, 50256)]),
        ("p50k_base", "gpt-2", [(EndOfText, 50256)]),
        ("p50k_edit", "gpt-2", [(EndOfText, 50256), ("<|fim_prefix|>", 50281), ("<|fim_middle|>", 50282), ("<|fim_suffix|>", 50283)]),
        ("cl100k_base", "dbrx",
            [(EndOfText, 100257), ("<|fim_prefix|>", 100258), ("<|fim_middle|>", 100259), ("<|fim_suffix|>", 100260), ("<|endofprompt|>", 100276)]),
        ("o200k_base", "o200k", [(EndOfText, 199999), ("<|endofprompt|>", 200018)]),
        ("o200k_harmony", "o200k", [("<|startoftext|>", 199998), (EndOfText, 199999), ("<|return|>", 200002), ("<|constrain|>", 200003), ("<|channel|>", 200005),
            ("<|start|>", 200006), ("<|end|>", 200007), ("<|message|>", 200008), ("<|call|>", 200012), ("<|endofprompt|>", 200018)]),
    ];

    /// <summary>The tokenizer of a rank file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">The encoding's name; null takes the file's name without its ending, as OpenAI publishes them.</param>
    /// <exception cref="InvalidDataException">A line of another form, or a rank named twice.</exception>
    /// <exception cref="NotSupportedException">An encoding of another name; the message lists those that are known.</exception>
    public static ByteLevelBpeTokenizer Load(string path, string? encoding = null)
    {
        encoding ??= Path.GetFileNameWithoutExtension(path);
        int index = Array.FindIndex(Encodings, e => e.Name == encoding);
        if (index < 0) throw new NotSupportedException(
            $"{path}: encoding '{encoding}' is not known; known: {string.Join(", ", Encodings.Select(e => e.Name))}.");
        (_, string pattern, (string Name, int Id)[] special) = Encodings[index];
        Dictionary<int, byte[]> ranks = ReadRanks(path);
        int size = 1 + Math.Max(ranks.Keys.Max(), special.Max(token => token.Id));
        if (size > ranks.Count + 100_000) throw new InvalidDataException($"{path}: expected ranks without large gaps, got {ranks.Count} tokens and the rank {size - 1}.");
        string[] texts = new string[size]; // [V]
        TokenKind[] kinds = new TokenKind[size]; // [V]
        Array.Fill(texts, "");
        Array.Fill(kinds, TokenKind.Unused);
        foreach ((int rank, byte[] bytes) in ranks) (texts[rank], kinds[rank]) = (ByteAlphabet.Encode(bytes), TokenKind.Normal);
        foreach ((string name, int id) in special) (texts[id], kinds[id]) = (name, TokenKind.Control);
        SpecialTokens specialTokens = new() { EndOfSequence = Array.Find(special, token => token.Name == EndOfText).Id };
        return new ByteLevelBpeTokenizer(new Vocabulary(path, texts, kinds), FindMerges(ranks), specialTokens, PatternOf(pattern));
    }

    private static PreTokenizer PatternOf(string name) => name == "o200k" ? new PreTokenizer("o200k", new PatternStage(PreTokenizerCatalog.O200k)) { KeepsWholeTokens = true }
        : name == "dbrx" ? new PreTokenizer("cl100k", new WordScanner(isGpt2: false, 3)) { KeepsWholeTokens = true }
        : new PreTokenizer("r50k", new WordScanner(isGpt2: true, int.MaxValue)) { KeepsWholeTokens = true };

    private static Dictionary<int, byte[]> ReadRanks(string path)
    {
        Dictionary<int, byte[]> ranks = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0) continue;
            int space = line.IndexOf(' ');
            byte[] bytes = new byte[Math.Max(0, space)]; // base64 shrinks
            if (space <= 0 || !Convert.TryFromBase64Chars(line.AsSpan(0, space), bytes, out int length) || length == 0
                || !int.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int rank))
                throw new InvalidDataException($"{path}: line {number}: expected 'base64 rank', got '{Shorten(line)}'. Is it a tiktoken file?");
            if (!ranks.TryAdd(rank, bytes[..length])) throw new InvalidDataException($"{path}: line {number}: expected each rank once, got {rank} again.");
        }
        return ranks.Count > 0 ? ranks : throw new InvalidDataException($"{path}: expected lines 'base64 rank', got none.");
    }

    // Every way to make a token of two others, in the order of ranks: so pairs merge exactly where their bytes together are a token.
    private static BpeMerge[] FindMerges(Dictionary<int, byte[]> ranks)
    {
        Dictionary<byte[], int> idOf = new(ranks.Count, new ByteSequenceComparer());
        foreach ((int rank, byte[] bytes) in ranks) idOf[bytes] = rank;
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> lookup = idOf.GetAlternateLookup<ReadOnlySpan<byte>>();
        List<BpeMerge> merges = new(2 * ranks.Count);
        foreach ((int rank, byte[] bytes) in ranks.OrderBy(token => token.Key))
            for (int cut = 1; cut < bytes.Length; cut++)
                if (lookup.TryGetValue(bytes.AsSpan(0, cut), out int left) && lookup.TryGetValue(bytes.AsSpan(cut), out int right)) merges.Add(new BpeMerge(left, right, rank));
        return [.. merges];
    }

    private static string Shorten(string line) => line.Length <= 60 ? line : line[..60] + "...";
}
