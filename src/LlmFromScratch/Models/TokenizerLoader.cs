using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models;

/// <summary>Makes the tokenizer that a GGUF file describes under <c>tokenizer.ggml.*</c>. The first step of the flow from text to ids.</summary>
public static class TokenizerLoader
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>The tokenizer of a file; <c>tokenizer.ggml.model</c> says which.</summary>
    /// <exception cref="InvalidDataException">A key is missing or breaks the format.</exception>
    /// <exception cref="NotSupportedException">Another tokenizer model or pre-tokenizer; the message lists those that are supported.</exception>
    public static ITokenizer Load(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string model = metadata.GetString(Prefix + "model");
        return model switch
        {
            "llama" => LoadSentencePiece(file.Path, metadata),
            "gpt2" => LoadByteLevel(file.Path, metadata),
            _ => throw new NotSupportedException($"{file.Path}: metadata key '{Prefix}model': tokenizer '{model}' is not supported; "
                + "supported: llama (SentencePiece BPE), gpt2 (byte-level BPE)."),
        };
    }

    private static SentencePieceBpeTokenizer LoadSentencePiece(string path, GgufMetadata metadata)
    {
        Vocabulary vocabulary = ReadVocabulary(path, metadata, metadata.GetArray<float>(Prefix + "scores"));
        bool addSpacePrefix = !metadata.TryGetBoolean(Prefix + "add_space_prefix", out bool stated) || stated;
        return new SentencePieceBpeTokenizer(vocabulary, ReadSpecialTokens(path, metadata, vocabulary.Count, addsBegin: true), addSpacePrefix);
    }

    private static ByteLevelBpeTokenizer LoadByteLevel(string path, GgufMetadata metadata)
    {
        string name = metadata.GetString(Prefix + "pre");
        PreTokenizer preTokenizer = PreTokenizer.Find(name) ?? throw new NotSupportedException(
            $"{path}: metadata key '{Prefix}pre': pre-tokenizer '{name}' is not supported; supported: {PreTokenizer.Names}.");
        Vocabulary vocabulary = ReadVocabulary(path, metadata, []);
        BpeMerge[] merges = ReadMerges(path, metadata.GetArray<string>(Prefix + "merges"), vocabulary);
        SpecialTokens specialTokens = ReadSpecialTokens(path, metadata, vocabulary.Count, preTokenizer.AddsBegin);
        return new ByteLevelBpeTokenizer(vocabulary, merges, specialTokens, preTokenizer);
    }

    private static BpeMerge[] ReadMerges(string path, string[] lines, Vocabulary vocabulary)
    {
        Dictionary<string, int> ids = new(vocabulary.Count, StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] is not (TokenKind.Control or TokenKind.Unknown)) ids[vocabulary.Texts[id]] = id; // these no text becomes
        BpeMerge[] merges = new BpeMerge[lines.Length];
        for (int rank = 0; rank < lines.Length; rank++)
        {
            string line = lines[rank];
            int space = line.IndexOf(' ');
            merges[rank] = space >= 0 && ids.TryGetValue(line[..space], out int left) && ids.TryGetValue(line[(space + 1)..], out int right)
                && ids.TryGetValue(line.Remove(space, 1), out int result)
                ? new BpeMerge(left, right, result)
                : throw new InvalidDataException(
                    $"{path}: metadata key '{Prefix}merges': merge {rank}: expected two tokens that make a third, with a space between them, got '{line}'.");
        }
        return merges;
    }

    private static Vocabulary ReadVocabulary(string path, GgufMetadata metadata, ReadOnlySpan<float> scores)
    {
        string[] texts = metadata.GetArray<string>(Prefix + "tokens");
        if (texts.Length == 0) throw new InvalidDataException($"{path}: metadata key '{Prefix}tokens': expected at least one token, got none.");
        TokenKind[] kinds = metadata.TryGetArray(Prefix + "token_type", out int[]? types)
            ? Array.ConvertAll(types, type => type == 0 ? TokenKind.Normal : (TokenKind)type) // 0: "undefined", used as normal
            : [];
        return new Vocabulary(path, texts, kinds, scores);
    }

    private static SpecialTokens ReadSpecialTokens(string path, GgufMetadata metadata, int vocabSize, bool addsBegin)
    {
        int? begin = ReadId(path, metadata, "bos_token_id", vocabSize);
        bool isStated = metadata.TryGetBoolean(Prefix + "add_bos_token", out bool stated);
        if (stated && begin is null) throw new InvalidDataException(
            $"{path}: metadata key '{Prefix}add_bos_token' is true; expected a token in '{Prefix}bos_token_id', got none.");
        return new SpecialTokens
        {
            BeginOfSequence = begin,
            EndOfSequence = ReadId(path, metadata, "eos_token_id", vocabSize),
            Unknown = ReadId(path, metadata, "unknown_token_id", vocabSize),
            AddBeginOfSequence = isStated ? stated : addsBegin && begin is not null,
        };
    }

    private static int? ReadId(string path, GgufMetadata metadata, string name, int vocabSize)
    {
        string key = Prefix + name;
        if (!metadata.TryGetValue(key, out object? value) || value is uint.MaxValue) return null; // all bits set: "none"
        int id = metadata.GetInt32(key);
        return id >= 0 && id < vocabSize ? id : throw new InvalidDataException(
            $"{path}: metadata key '{key}': expected an id from 0 to {vocabSize - 1}, got {id}.");
    }
}
