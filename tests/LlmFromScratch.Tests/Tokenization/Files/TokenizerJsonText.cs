using System.Text.Json;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Tokenization.Files;

namespace LlmFromScratch.Tests.Tokenization.Files;

/// <summary>Files in the form of tokenizer.json, made from vocabularies that are here: published ones are not.</summary>
internal static class TokenizerJsonText
{
    /// <summary>The file of a tokenizer whose vocabulary came from a GGUF file.</summary>
    public static string Of(ITokenizer tokenizer, string preTokenizer, string normalizer)
    {
        Vocabulary vocabulary = tokenizer.Vocabulary!; // not null: it came from a file
        Dictionary<string, int> tokens = [];
        List<object> added = [];
        bool isWordPiece = tokenizer is not ByteLevelBpeTokenizer;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            string text = vocabulary.Texts[id];
            if (vocabulary.Kinds[id] is TokenKind.Control or TokenKind.UserDefined)
                added.Add(new { id, content = text, single_word = false, lstrip = false, rstrip = false, normalized = false, special = vocabulary.Kinds[id] == TokenKind.Control });
            else tokens[!isWordPiece ? text : text.StartsWith('\u2581') ? text[1..] : text.StartsWith('[') && text.EndsWith(']') ? text : "##" + text] = id;
        }
        object model = tokenizer is ByteLevelBpeTokenizer bpe
            ? new
            {
                type = "BPE", ignore_merges = bpe.PreTokenizer.KeepsWholeTokens, vocab = tokens,
                merges = bpe.Merges.ToArray().Select(m => bpe.Vocabulary.Texts[m.Left] + " " + bpe.Vocabulary.Texts[m.Right]),
            }
            : new { type = "WordPiece", unk_token = "[UNK]", continuing_subword_prefix = "##", max_input_chars_per_word = 100, vocab = tokens };
        string decoder = isWordPiece ? """{"type":"WordPiece","prefix":"##","cleanup":true}""" : """{"type":"ByteLevel"}""";
        return $$"""{"version":"1.0","added_tokens":{{JsonSerializer.Serialize(added)}},"normalizer":{{normalizer}},"pre_tokenizer":{{preTokenizer}},"decoder":{{decoder}},"model":{{JsonSerializer.Serialize(model)}}}""";
    }

    public static ITokenizer Load(string json)
    {
        using TemporaryFile file = new(System.Text.Encoding.UTF8.GetBytes(json));
        return TokenizerJson.Load(file.Path);
    }
}
