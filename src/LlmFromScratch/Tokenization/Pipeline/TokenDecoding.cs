using System.Text;

namespace LlmFromScratch.Tokenization.Pipeline;

/// <summary>The way back from tokens to text.</summary>
/// <param name="Bytes">[V]: what each token stands for in the middle of a text; empty for control tokens.</param>
/// <param name="DropsFirstSpace">Whether a space at the very start is none of the text's.</param>
/// <param name="CleansUp">Whether spaces before punctuation are taken away, as BERT's decoder does.</param>
internal sealed record TokenDecoding(byte[][] Bytes, bool DropsFirstSpace, bool CleansUp = false)
{
    private static readonly (string From, string To)[] CleanUps =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    /// <summary>The last touch to a decoded text.</summary>
    public string Finish(string text)
    {
        if (CleansUp)
            foreach ((string from, string to) in CleanUps) text = text.Replace(from, to, StringComparison.Ordinal);
        return text;
    }

    /// <summary>[V]: the tokens of a vocabulary; control and unknown tokens are empty, byte tokens one byte, user-defined ones as they are written.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="ofNormal">What a normal token's text stands for.</param>
    public static byte[][] BytesOf(Vocabulary vocabulary, Func<string, byte[]> ofNormal)
    {
        byte[][] bytes = new byte[vocabulary.Count][];
        for (int id = 0; id < bytes.Length; id++)
        {
            string text = vocabulary.Texts[id];
            bytes[id] = vocabulary.Kinds[id] switch
            {
                TokenKind.Control or TokenKind.Unknown => [],
                TokenKind.Byte => [ByteTokens.Parse(vocabulary, id)],
                TokenKind.UserDefined => Encoding.UTF8.GetBytes(text),
                _ => ofNormal(text),
            };
        }
        return bytes;
    }

    /// <summary>What a piece of SentencePiece stands for: U+2581 is a space.</summary>
    public static byte[] SentencePiece(string text) => Encoding.UTF8.GetBytes(text.Replace('\u2581', ' '));
}
