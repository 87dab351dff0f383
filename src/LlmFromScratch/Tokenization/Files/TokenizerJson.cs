using System.Text.Json;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>
/// Reads the tokenizer.json of Hugging Face's tokenizers: added tokens, normaliser, pre-tokenizer, model (BPE, Unigram, WordPiece), decoder and post-processor.
/// A part that is not supported is refused by its name. The texts of beginning and end tokens stand in a tokenizer_config.json beside it, where there is one.
/// </summary>
public static class TokenizerJson
{
    /// <summary>The tokenizer of a file.</summary>
    /// <exception cref="InvalidDataException">The file breaks the form; the message names file and field.</exception>
    /// <exception cref="NotSupportedException">The file uses a part that is not supported; the message names it.</exception>
    public static ITokenizer Load(string path)
    {
        using JsonDocument document = JsonPart.Read(path);
        JsonPart root = new(path, "", document.RootElement);
        JsonPart model = root.Get("model");
        JsonPart? preTokenizer = root.Find("pre_tokenizer"), decoder = root.Find("decoder");
        bool isByteLevel = Uses(preTokenizer, "ByteLevel") || Uses(decoder, "ByteLevel");
        JsonVocabulary read = JsonVocabulary.Read(root, model, isByteLevel);
        SpecialTokens specialTokens = JsonSpecialTokens.Read(root, read.Vocabulary, read.Unknown);
        List<TextStep> steps = [];
        if (root.Find("normalizer") is { } normalizer) JsonNormalizers.Add(normalizer, steps);
        JsonPreTokenizers words = new(steps);
        if (preTokenizer is { } part) words.Add(part);
        string type = JsonVocabulary.TypeOf(model);
        if (type == "BPE" && isByteLevel)
        {
            PreTokenizer preTokenization = new("tokenizer.json", [.. words.Stages]) { KeepsWholeTokens = model.GetFlag("ignore_merges", false) };
            if (words.AreAllStages) return new ByteLevelBpeTokenizer(read.Vocabulary, read.Merges, specialTokens, preTokenization);
            ByteLevelBpeTokenizer inner = new(read.Vocabulary, read.Merges, specialTokens,
                new PreTokenizer("whole") { KeepsWholeTokens = preTokenization.KeepsWholeTokens });
            return new PipelineTokenizer(read.Vocabulary, specialTokens, steps, new ByteLevelModel(inner),
                new TokenDecoding([.. Enumerable.Range(0, read.Vocabulary.Count).Select(id => inner.GetBytes(id).ToArray())], DropsFirstSpace: words.AddsPrefixSpace));
        }
        ITokenModel tokenModel = type switch
        {
            "BPE" => new CharacterBpeModel(read.Vocabulary, read.Merges, model.GetFlag("byte_fallback", false) ? ByteTokens.Find(read.Vocabulary) : null, read.Unknown,
                model.GetFlag("ignore_merges", false) ? _ => true : _ => false, model.GetFlag("fuse_unk", false)),
            "Unigram" => new UnigramModel(read.Vocabulary, read.Unknown ?? throw model.Broken("expected 'unk_id', got none"),
                model.GetFlag("byte_fallback", false) ? ByteTokens.Find(read.Vocabulary) : null),
            "WordPiece" => JsonVocabulary.WordPiece(model, read),
            _ => throw model.Unsupported($"model '{type}'"),
        };
        return new PipelineTokenizer(read.Vocabulary, specialTokens, steps, tokenModel, JsonDecoders.Read(decoder, read.Vocabulary));
    }

    private static bool Uses(JsonPart? part, string type)
    {
        if (part is not { } present) return false;
        if (present.Type == type) return true;
        foreach (string list in (ReadOnlySpan<string>)["pretokenizers", "decoders"])
            if (present.Find(list) is { } children && children.Items().Any(child => Uses(child, type))) return true;
        return false;
    }
}
