using System.Text;
using LlmFromScratch.Tokenization.Patterns;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>Puts a text before each piece, or before the first only, or only where it does not stand there already.</summary>
internal sealed class PrependStep(ReadOnlySpan<byte> prefix, bool onlyWhereMissing, bool onlyFirst) : TextStep
{
    private readonly byte[] _prefix = prefix.ToArray();

    public override void Apply(AlignedText piece, bool isFirst, List<AlignedText> result)
    {
        if ((onlyFirst && !isFirst) || (onlyWhereMissing && piece.Bytes.StartsWith(_prefix)))
        {
            result.Add(piece);
            return;
        }
        AlignedTextBuilder prefixed = new(piece.Length + _prefix.Length);
        prefixed.Append(_prefix, piece, 0, 0);
        prefixed.Copy(piece, 0, piece.Length);
        result.Add(prefixed.ToText());
    }
}

/// <summary>Takes white space off the ends of a piece.</summary>
internal sealed class StripStep(bool left, bool right) : TextNormalizer
{
    protected override AlignedText Normalize(AlignedText piece)
    {
        int start = 0, end = piece.Length;
        while (left && start < end)
        {
            Rune.DecodeFromUtf8(piece.Bytes[start..end], out Rune rune, out int length);
            if (!Rune.IsWhiteSpace(rune)) break;
            start += length;
        }
        while (right && end > start)
        {
            Rune.DecodeLastFromUtf8(piece.Bytes[start..end], out Rune rune, out int length);
            if (!Rune.IsWhiteSpace(rune)) break;
            end -= length;
        }
        return piece.Slice(start, end);
    }
}

/// <summary>Replaces every match of a pattern.</summary>
internal sealed class PatternReplaceStep(WordPattern pattern, byte[] content) : TextNormalizer
{
    protected override AlignedText Normalize(AlignedText piece)
    {
        AlignedTextBuilder result = new(piece.Length);
        PatternMatcher matcher = pattern.RentMatcher(piece.Length);
        int last = 0;
        for (int from = 0; pattern.TryFind(matcher, piece.Bytes, from, out int start, out int end); from = end > start ? end : end + 1)
        {
            result.Copy(piece, last, start);
            result.Append(content, piece, start, end);
            last = end;
        }
        result.Copy(piece, last, piece.Length);
        pattern.Return(matcher);
        return result.ToText();
    }
}

/// <summary>Byte-level byte-pair encoding as the model of a pipeline that changes texts first.</summary>
internal sealed class ByteLevelModel(ByteLevelBpeTokenizer tokenizer) : ITokenModel
{
    public void Encode(AlignedText piece, List<TokenSpan> tokens)
    {
        foreach (TokenSpan token in ((ITokenizer)tokenizer).EncodeWithOffsets(piece.Bytes))
        {
            (int start, int length) = piece.SourceOf(token.Start, token.Start + token.Length);
            tokens.Add(new TokenSpan(token.Id, start, length));
        }
    }
}
