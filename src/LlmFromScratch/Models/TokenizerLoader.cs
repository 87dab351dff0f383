using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Models;

/// <summary>Makes the tokenizer that a GGUF file describes under <c>tokenizer.ggml.*</c>. The first step of the flow from text to ids.</summary>
public static class TokenizerLoader
{
    private const string Prefix = GgufVocabularyReader.Prefix;

    /// <summary>The tokenizer of a file; <c>tokenizer.ggml.model</c> says which.</summary>
    /// <exception cref="InvalidDataException">A key is missing or breaks the format.</exception>
    /// <exception cref="NotSupportedException">Another tokenizer model or pre-tokenizer; the message lists those that are supported.</exception>
    public static ITokenizer Load(GgufFile file)
    {
        string model = file.Metadata.GetString(Prefix + "model");
        GgufVocabularyReader reader = new(file.Path, file.Metadata);
        return model switch
        {
            "llama" => LoadSentencePiece(reader),
            "gpt2" => LoadByteLevel(reader),
            "bert" => LoadWordPiece(reader),
            "t5" => LoadUnigram(reader),
            "gemma4" => LoadCharacterBpe(reader),
            _ => throw new NotSupportedException($"{file.Path}: metadata key '{Prefix}model': tokenizer '{model}' is not supported; "
                + "supported: llama (SentencePiece BPE), gpt2 (byte-level BPE), bert (WordPiece), t5 (Unigram), gemma4 (BPE over characters)."),
        };
    }

    private static SentencePieceBpeTokenizer LoadSentencePiece(GgufVocabularyReader reader)
    {
        Vocabulary vocabulary = reader.ReadVocabulary(withScores: true);
        return new SentencePieceBpeTokenizer(vocabulary,
            reader.ReadSpecialTokens(vocabulary, new GgufVocabularyReader.Defaults(Begin: 1, End: 2, Unknown: 0, AddsBegin: true)), reader.ReadFlag("add_space_prefix", true));
    }

    private static ByteLevelBpeTokenizer LoadByteLevel(GgufVocabularyReader reader)
    {
        string name = reader.ReadText("pre", "default");
        PreTokenizer preTokenizer = PreTokenizer.Find(name) ?? throw new NotSupportedException(
            $"{reader.File}: metadata key '{Prefix}pre': pre-tokenizer '{name}' is not supported; supported: {PreTokenizer.Names}.");
        Vocabulary vocabulary = reader.ReadVocabulary(withScores: false);
        SpecialTokens specialTokens = reader.ReadSpecialTokens(vocabulary, new GgufVocabularyReader.Defaults(AddsBegin: preTokenizer.AddsBegin));
        return new ByteLevelBpeTokenizer(vocabulary, reader.ReadMerges(vocabulary), specialTokens, preTokenizer);
    }

    private static PipelineTokenizer LoadCharacterBpe(GgufVocabularyReader reader)
    {
        Vocabulary vocabulary = reader.ReadVocabulary(withScores: false);
        SpecialTokens specialTokens = reader.ReadSpecialTokens(vocabulary, new GgufVocabularyReader.Defaults(AddsBegin: true));
        return PipelineTokenizers.Gemma4(vocabulary, reader.ReadMerges(vocabulary), specialTokens);
    }

    private static PipelineTokenizer LoadWordPiece(GgufVocabularyReader reader)
    {
        Vocabulary vocabulary = reader.ReadVocabulary(withScores: false);
        SpecialTokens specialTokens = reader.ReadSpecialTokens(vocabulary, new GgufVocabularyReader.Defaults(Begin: 101, Unknown: 100, Separator: 102, AddsBegin: true));
        bool lowers = reader.ReadFlag("normalizer.lowercase", true);
        return PipelineTokenizers.Bert(vocabulary, specialTokens, lowers, reader.ReadFlag("normalizer.strip_accents", lowers));
    }

    private static PipelineTokenizer LoadUnigram(GgufVocabularyReader reader)
    {
        Vocabulary vocabulary = reader.ReadVocabulary(withScores: true);
        SpecialTokens specialTokens = reader.ReadSpecialTokens(vocabulary, new GgufVocabularyReader.Defaults(End: 1, Unknown: 2, AddsEnd: true));
        return PipelineTokenizers.Unigram(vocabulary, specialTokens, reader.ReadBytes("precompiled_charsmap"),
            reader.ReadFlag("add_space_prefix", false), reader.ReadFlag("remove_extra_whitespaces", false));
    }
}
