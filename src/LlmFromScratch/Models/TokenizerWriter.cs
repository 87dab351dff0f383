using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models;

/// <summary>Writes a tokenizer into a GGUF file's metadata, so that <see cref="TokenizerLoader"/> reads the same one back.</summary>
public static class TokenizerWriter
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Adds model, pre-tokenizer, tokens, kinds, merges and special ids.</summary>
    /// <exception cref="ArgumentException">The writer has a tokenizer already.</exception>
    public static void Write(GgufWriter writer, ByteLevelBpeTokenizer tokenizer)
    {
        Vocabulary vocabulary = tokenizer.Vocabulary;
        writer.Add(Prefix + "model", "gpt2")
            .Add(Prefix + "pre", tokenizer.PreTokenizer.Name)
            .Add(Prefix + "tokens", vocabulary.Texts.ToArray())
            .Add(Prefix + "token_type", Array.ConvertAll(vocabulary.Kinds.ToArray(), kind => (int)kind))
            .Add(Prefix + "merges", Array.ConvertAll(tokenizer.Merges.ToArray(), m => $"{vocabulary.Texts[m.Left]} {vocabulary.Texts[m.Right]}"));
        SpecialTokens special = tokenizer.SpecialTokens;
        AddId(writer, "bos_token_id", special.BeginOfSequence);
        AddId(writer, "eos_token_id", special.EndOfSequence);
        AddId(writer, "unknown_token_id", special.Unknown);
        writer.Add(Prefix + "add_bos_token", special.AddBeginOfSequence);
    }

    private static void AddId(GgufWriter writer, string name, int? id)
    {
        if (id is int value) writer.Add(Prefix + name, (uint)value);
    }
}
