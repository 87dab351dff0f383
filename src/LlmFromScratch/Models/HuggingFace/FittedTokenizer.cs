using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>
/// A tokenizer over a model whose embedding table has another number of rows: tables are padded to round numbers, so that ids without a token stand for nothing.
/// </summary>
internal sealed class FittedTokenizer(ITokenizer inner, int vocabSize) : ITokenizer
{
    public int VocabSize => vocabSize;

    public SpecialTokens SpecialTokens => inner.SpecialTokens;

    public Vocabulary? Vocabulary => inner.Vocabulary;

    public int[] Encode(string text) => inner.Encode(text);

    public int[] Encode(ReadOnlySpan<byte> utf8) => inner.Encode(utf8);

    public TokenSpan[] EncodeWithOffsets(ReadOnlySpan<byte> utf8) => inner.EncodeWithOffsets(utf8);

    public ReadOnlySpan<byte> GetBytes(int id) => id < inner.VocabSize ? inner.GetBytes(id) : [];

    public string Decode(ReadOnlySpan<int> ids)
    {
        List<int> known = [];
        foreach (int id in ids) if (id < inner.VocabSize) known.Add(id);
        return inner.Decode([.. known]);
    }
}
