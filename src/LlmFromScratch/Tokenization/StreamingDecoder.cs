using System.Text;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// Turns a stream of ids into text that can be shown at once: a character whose bytes are spread over several tokens is held back until
/// it is whole. Bytes that can never become a character come out as U+FFFD. One decoder serves one stream.
/// </summary>
public sealed class StreamingDecoder(ITokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder(); // keeps an unfinished character between calls

    /// <summary>The text that is complete after this id; often one token's text, empty in the middle of a character.</summary>
    public string Append(int id)
    {
        ReadOnlySpan<byte> bytes = tokenizer.GetBytes(id);
        if (bytes.IsEmpty) return "";
        Span<char> chars = stackalloc char[256];
        return bytes.Length < chars.Length
            ? new string(chars[.._decoder.GetChars(bytes, chars, flush: false)])
            : DecodeLong(bytes);
    }

    /// <summary>The end of the stream: an unfinished character comes out as U+FFFD.</summary>
    public string Finish()
    {
        Span<char> chars = stackalloc char[4];
        return new string(chars[.._decoder.GetChars([], chars, flush: true)]);
    }

    private string DecodeLong(ReadOnlySpan<byte> bytes)
    {
        char[] chars = new char[bytes.Length + 2]; // a held-back character adds at most two UTF-16 units
        return new string(chars, 0, _decoder.GetChars(bytes, chars, flush: false));
    }
}
