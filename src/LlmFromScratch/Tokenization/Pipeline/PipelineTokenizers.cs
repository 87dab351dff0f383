using System.Text;
using LlmFromScratch.Tokenization.Unicode;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>The tokenizers of GGUF files that are rows of parts; their ids are those of llama.cpp.</summary>
internal static class PipelineTokenizers
{
    /// <summary>WordPiece as BERT has it: clean, accents off, small letters, words at spaces and punctuation, longest pieces.</summary>
    public static PipelineTokenizer Bert(Vocabulary vocabulary, SpecialTokens specialTokens, bool lowers, bool stripsAccents)
    {
        List<TextStep> steps = [];
        if (stripsAccents) steps.Add(new CharacterNormalizer(CharacterRules.KeepFirstOfDecomposition));
        steps.Add(new CharacterNormalizer(CharacterRules.CleanText));
        steps.Add(new CharacterNormalizer(CharacterRules.SpaceChinese));
        if (lowers) steps.Add(new CharacterNormalizer(CharacterRules.Lowercase));
        steps.Add(new SpaceSplitStep(isolatesPunctuation: true));
        Dictionary<string, int> pieces = [];
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] is not (TokenKind.Control or TokenKind.Unknown)) pieces[vocabulary.Texts[id]] = id;
        WordPieceModel model = new(pieces, specialTokens.Unknown ?? throw new InvalidDataException($"{vocabulary.Source}: vocabulary: expected an unknown token, got none."));
        return new PipelineTokenizer(vocabulary, specialTokens, steps, model,
            new TokenDecoding(TokenDecoding.BytesOf(vocabulary, TokenDecoding.SentencePiece), DropsFirstSpace: true, CleansUp: true));
    }

    /// <summary>Unigram as T5 and XLM-R have it: the characters mapped, spaces marked, the most probable pieces.</summary>
    public static PipelineTokenizer Unigram(Vocabulary vocabulary, SpecialTokens specialTokens, ReadOnlySpan<byte> characterMap, bool addsPrefix, bool mergesSpaces)
    {
        List<TextStep> steps = [];
        if (!characterMap.IsEmpty) steps.Add(new CharacterMap(vocabulary.Source, characterMap));
        steps.Add(new SpaceMarkStep(addsPrefix, mergesSpaces));
        UnigramModel model = new(vocabulary, specialTokens.Unknown ?? throw new InvalidDataException($"{vocabulary.Source}: vocabulary: expected an unknown token, got none."));
        return new PipelineTokenizer(vocabulary, specialTokens, steps, model,
            new TokenDecoding(TokenDecoding.BytesOf(vocabulary, TokenDecoding.SentencePiece), DropsFirstSpace: addsPrefix));
    }

    /// <summary>Gemma 4: spaces become U+2581, lines are cut, characters merge by rank; what is unknown is spelled in bytes.</summary>
    public static PipelineTokenizer Gemma4(Vocabulary vocabulary, ReadOnlySpan<BpeMerge> merges, SpecialTokens specialTokens)
    {
        CharacterBpeModel model = new(vocabulary, merges, ByteTokens.Find(vocabulary), unknown: null, staysWhole: word => word.TrimEnd((byte)'\n').IsEmpty);
        TextStep[] steps = [new ReplaceStep(" "u8, "\u2581"u8), new WordSplitStep(PreTokenizerCatalog.Get("gemma4"))];
        return new PipelineTokenizer(vocabulary, specialTokens, steps, model,
            new TokenDecoding(TokenDecoding.BytesOf(vocabulary, TokenDecoding.SentencePiece), DropsFirstSpace: false));
    }
}
