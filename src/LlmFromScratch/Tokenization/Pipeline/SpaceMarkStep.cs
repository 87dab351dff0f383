namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>
/// SentencePiece's treatment of spaces for Unigram: spaces become U+2581, runs of them one (and none at the ends) if so asked, and one is put before the
/// first word. Source: Kudo and Richardson 2018; the order of events is llama.cpp's.
/// </summary>
internal sealed class SpaceMarkStep(bool addsPrefix, bool mergesSpaces) : TextNormalizer
{
    private static ReadOnlySpan<byte> Mark => "\u2581"u8;

    protected override AlignedText Normalize(AlignedText piece)
    {
        AlignedTextBuilder result = new(piece.Length);
        ReadOnlySpan<byte> text = piece.Bytes;
        bool isPrefixed = !addsPrefix, isInWord = false;
        int spaceAt = 0; // where the spaces before the next word start
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == ' ')
            {
                if (isInWord) spaceAt = at;
                isInWord = false;
                if (!mergesSpaces) result.Append(Mark, piece, at, at + 1);
                continue;
            }
            if (!isInWord && (!isPrefixed || mergesSpaces))
            {
                result.Append(Mark, piece, spaceAt, at);
                isPrefixed = true;
            }
            isInWord = true;
            result.Copy(piece, at, at + 1);
        }
        return result.ToText();
    }
}
