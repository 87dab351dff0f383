using System.Buffers;
using System.Text;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// A tokenizer as a row of parts: user-defined tokens are cut out, steps normalise and cut what stands between, a model makes tokens of each piece.
/// WordPiece (BERT), Unigram (T5) and most of what a tokenizer.json describes is this, with other parts.
/// Control tokens are never produced by text. Thread-safe.
/// </summary>
[TypeFormatterSource(TypeFormatterSourceAttribute.Visuals, "TokenizerFormatterSource")]
public sealed class PipelineTokenizer : ITokenizer
{
    private readonly TextStep[] _steps;
    private readonly ITokenModel _model;
    private readonly TokenDecoding _decoding;
    private readonly UserDefinedTokens _userDefined;

    internal PipelineTokenizer(Vocabulary vocabulary, SpecialTokens specialTokens, IEnumerable<TextStep> steps, ITokenModel model, TokenDecoding decoding)
    {
        (Vocabulary, SpecialTokens, _steps, _model, _decoding) = (vocabulary, specialTokens, [.. steps], model, decoding);
        _userDefined = new UserDefinedTokens(vocabulary);
    }

    /// <summary>The tokens as the file writes them.</summary>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int VocabSize => Vocabulary.Count;

    /// <inheritdoc/>
    public SpecialTokens SpecialTokens { get; }

    /// <inheritdoc/>
    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<byte> utf8)
    {
        TokenSpan[] spans = EncodeWithOffsets(utf8);
        int[] ids = new int[spans.Length];
        for (int i = 0; i < ids.Length; i++) ids[i] = spans[i].Id;
        return ids;
    }

    /// <inheritdoc/>
    public TokenSpan[] EncodeWithOffsets(ReadOnlySpan<byte> utf8)
    {
        List<TokenSpan> tokens = [];
        foreach (UserDefinedTokens.Fragment fragment in _userDefined.Split(utf8))
        {
            if (fragment.Id >= 0) tokens.Add(new TokenSpan(fragment.Id, fragment.Start, fragment.Length));
            else EncodeFragment(new AlignedText(utf8.Slice(fragment.Start, fragment.Length), fragment.Start), fragment.Start == 0, tokens);
        }
        return [.. tokens];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GetBytes(int id) => _decoding.Bytes[id];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        ArrayBufferWriter<byte> text = new();
        foreach (int id in ids)
        {
            ReadOnlySpan<byte> bytes = _decoding.Bytes[id];
            text.Write(_decoding.DropsFirstSpace && text.WrittenCount == 0 && bytes.StartsWith(" "u8) ? bytes[1..] : bytes);
        }
        return _decoding.Finish(Encoding.UTF8.GetString(text.WrittenSpan));
    }

    private void EncodeFragment(AlignedText fragment, bool isFirst, List<TokenSpan> tokens)
    {
        List<AlignedText> pieces = [fragment];
        foreach (TextStep step in _steps)
        {
            List<AlignedText> next = new(pieces.Count);
            for (int i = 0; i < pieces.Count; i++) step.Apply(pieces[i], isFirst && i == 0, next);
            pieces = next;
        }
        foreach (AlignedText piece in pieces) _model.Encode(piece, tokens);
    }
}
