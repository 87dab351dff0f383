using System.Globalization;
using LlmFromScratch.Tokenization;
using Microsoft.ML.Tokenizers;

namespace LlmFromScratch.MLTokenizers;

/// <summary>What each id of a tokenizer of Microsoft.ML.Tokenizers stands for, in bytes; the package's own interface speaks text only.</summary>
internal static class TokenBytes
{
    /// <summary>[V]: the vocabulary of a byte-level tokenizer writes one character a byte, as ours does, so ours reads it.</summary>
    public static byte[][] OfBpe(BpeTokenizer tokenizer, SpecialTokens specialTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (!tokenizer.ByteLevel)
            throw new NotSupportedException("MLTokenizerAdapter: expected a byte-level tokenizer, got one that splits characters. Is BpeOptions.ByteLevel set?");
        IReadOnlyDictionary<string, int> special = tokenizer.SpecialTokens ?? new Dictionary<string, int>();
        int vocabSize = 1 + tokenizer.Vocabulary.Values.Concat(special.Values).Max();
        string[] texts = new string[vocabSize]; // [V]
        TokenKind[] kinds = new TokenKind[vocabSize]; // [V]
        Array.Fill(texts, "");
        Array.Fill(kinds, TokenKind.Control); // ids between the tokens have no text either
        foreach ((string text, int id) in tokenizer.Vocabulary) (texts[id], kinds[id]) = (text, TokenKind.Normal);
        foreach ((string text, int id) in special) (texts[id], kinds[id]) = (text, TokenKind.Control);
        foreach (int? id in (ReadOnlySpan<int?>)[specialTokens.BeginOfSequence, specialTokens.EndOfSequence, specialTokens.Unknown])
            if (id is { } named) kinds[named] = TokenKind.Control;

        ByteLevelBpeTokenizer reader = new(new Vocabulary("Microsoft.ML.Tokenizers", texts, kinds), [], specialTokens, Tokenization.PreTokenizer.Gpt2);
        byte[][] bytes = new byte[vocabSize][];
        for (int id = 0; id < vocabSize; id++) bytes[id] = reader.GetBytes(id).ToArray();
        return bytes;
    }

    /// <summary>[V]: the lines of a tiktoken file; special tokens stand only in the program and have no bytes.</summary>
    public static byte[][] OfTiktoken(string path, IReadOnlyDictionary<string, int>? special)
    {
        Dictionary<int, byte[]> tokens = [];
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            if (text.Length == 0) continue;
            string[] fields = text.Split(' ');
            byte[] bytes = new byte[fields[0].Length]; // base64 shrinks
            if (fields.Length != 2 || !Convert.TryFromBase64String(fields[0], bytes, out int length)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw new InvalidDataException($"{path}: line {line}: expected 'base64 id', got '{text}'. Is it a tiktoken vocabulary?");
            if (!tokens.TryAdd(id, bytes[..length])) throw new InvalidDataException($"{path}: line {line}: expected each id once, got {id} again.");
        }
        if (tokens.Count == 0) throw new InvalidDataException($"{path}: expected a token a line, got an empty file.");
        byte[][] all = new byte[1 + tokens.Keys.Concat(special?.Values ?? []).Max()][];
        Array.Fill(all, []);
        foreach ((int id, byte[] bytes) in tokens) all[id] = bytes;
        return all;
    }
}
