using System.Collections.Frozen;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models;

/// <summary>Reads the lists and flags under <c>tokenizer.ggml.*</c> of one GGUF file. A part of <see cref="TokenizerLoader"/>.</summary>
internal sealed class GgufVocabularyReader(string file, GgufMetadata metadata)
{
    public const string Prefix = "tokenizer.ggml.";

    // The names by which published chat models end a turn or a message; files state only one of them, or none.
    private static readonly FrozenSet<string> EndNames = FrozenSet.ToFrozenSet(
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>",
        "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
    ]);

    /// <summary>What a family of tokenizers has where a file does not say.</summary>
    public readonly record struct Defaults(int? Begin = null, int? End = null, int? Unknown = null, int? Separator = null, bool AddsBegin = false, bool AddsEnd = false);

    /// <summary>The file's path, for messages.</summary>
    public string File => file;

    public string ReadText(string name, string fallback) => metadata.TryGetString(Prefix + name, out string? text) ? text : fallback;

    public bool ReadFlag(string name, bool fallback) => metadata.Contains(Prefix + name) ? metadata.GetBoolean(Prefix + name) : fallback;

    /// <summary>An array of bytes, stored signed or unsigned; empty where the key is missing.</summary>
    public byte[] ReadBytes(string name)
    {
        if (!metadata.TryGetValue(Prefix + name, out object? value)) return [];
        return value is sbyte[] signed ? Array.ConvertAll(signed, b => (byte)b) : metadata.GetArray<byte>(Prefix + name);
    }

    public Vocabulary ReadVocabulary(bool withScores)
    {
        float[] scores = withScores ? metadata.GetArray<float>(Prefix + "scores") : [];
        string[] texts = metadata.GetArray<string>(Prefix + "tokens");
        if (texts.Length == 0) throw new InvalidDataException($"{file}: metadata key '{Prefix}tokens': expected at least one token, got none.");
        TokenKind[] kinds = metadata.TryGetArray(Prefix + "token_type", out int[]? types)
            ? Array.ConvertAll(types, type => type == 0 ? TokenKind.Normal : (TokenKind)type) // 0: "undefined", used as normal
            : [];
        if (kinds.Length == texts.Length)
            for (int id = 0; id < texts.Length; id++) // some files call the end of a turn user-defined, so that a text could forge it
                if (kinds[id] == TokenKind.UserDefined && EndNames.Contains(texts[id])) kinds[id] = TokenKind.Control;
        return new Vocabulary(file, texts, kinds, scores);
    }

    public BpeMerge[] ReadMerges(Vocabulary vocabulary)
    {
        Dictionary<string, int> ids = new(vocabulary.Count, StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] is not (TokenKind.Control or TokenKind.Unknown)) ids[vocabulary.Texts[id]] = id; // these no text becomes
        string[] lines = metadata.GetArray<string>(Prefix + "merges");
        BpeMerge[] merges = new BpeMerge[lines.Length];
        for (int rank = 0; rank < lines.Length; rank++)
            merges[rank] = BpeMergeText.TryParse(lines[rank], ids, out BpeMerge merge) ? merge : throw new InvalidDataException(
                $"{file}: metadata key '{Prefix}merges': merge {rank}: expected two tokens that make a third, with a space between them, got '{lines[rank]}'.");
        return merges;
    }

    public SpecialTokens ReadSpecialTokens(Vocabulary vocabulary, Defaults defaults)
    {
        int? begin = ReadId("bos_token_id", vocabulary.Count) ?? ReadId("cls_token_id", vocabulary.Count) ?? Fallback("bos_token_id", defaults.Begin, vocabulary);
        bool addsBegin = ReadFlag("add_bos_token", defaults.AddsBegin && begin is not null);
        if (addsBegin && begin is null) throw new InvalidDataException(
            $"{file}: metadata key '{Prefix}add_bos_token' is true; expected a token in '{Prefix}bos_token_id', got none.");
        int? end = ReadId("eos_token_id", vocabulary.Count) ?? Fallback("eos_token_id", defaults.End, vocabulary);
        return new SpecialTokens
        {
            BeginOfSequence = begin,
            EndOfSequence = end,
            Unknown = ReadId("unknown_token_id", vocabulary.Count) ?? Fallback("unknown_token_id", defaults.Unknown, vocabulary),
            Separator = ReadId("seperator_token_id", vocabulary.Count) ?? Fallback("seperator_token_id", defaults.Separator, vocabulary), // so it is spelled
            AddBeginOfSequence = addsBegin,
            AddEndOfSequence = ReadFlag("add_eos_token", defaults.AddsEnd) && end is not null,
            EndsOfTurn = FindEnds(vocabulary, end),
        };
    }

    private FrozenSet<int> FindEnds(Vocabulary vocabulary, int? end)
    {
        HashSet<int> ends = [];
        foreach (string key in (ReadOnlySpan<string>)["eot_token_id", "eom_token_id"])
            if (ReadId(key, vocabulary.Count) is int id) ends.Add(id);
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] == TokenKind.Control && EndNames.Contains(vocabulary.Texts[id])) ends.Add(id);
        if (end is int stated) ends.Remove(stated); // it is named apart
        return ends.Count == 0 ? FrozenSet<int>.Empty : ends.ToFrozenSet();
    }

    private int? Fallback(string name, int? id, Vocabulary vocabulary) =>
        metadata.Contains(Prefix + name) || id >= vocabulary.Count ? null : id; // a file that says "none" means it

    private int? ReadId(string name, int vocabSize)
    {
        string key = Prefix + name;
        if (!metadata.TryGetValue(key, out object? value) || value is uint.MaxValue) return null; // all bits set: "none"
        int id = metadata.GetInt32(key);
        return id >= 0 && id < vocabSize ? id : throw new InvalidDataException(
            $"{file}: metadata key '{key}': expected an id from 0 to {vocabSize - 1}, got {id}.");
    }
}
