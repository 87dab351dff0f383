namespace LlmFromScratch.Tokenization;

/// <summary>
/// Text to token ids and back. Implementations are immutable and thread-safe. A learner's own tokenizer implements this and drives the
/// real generator. Taught in notebooks/03-byte-pair-encoding.ipynb.
/// </summary>
public interface ITokenizer
{
    /// <summary>The number of ids (V): ids are 0 to V - 1.</summary>
    int VocabSize { get; }

    /// <summary>The ids with a meaning of their own. Text can never produce them; only the engine and chat templates place them.</summary>
    SpecialTokens SpecialTokens { get; }

    /// <summary>The tokens as a file writes them, or null for a tokenizer that has no such list.</summary>
    Vocabulary? Vocabulary => null;

    /// <summary>Splits text into ids; adds no special tokens.</summary>
    int[] Encode(string text);

    /// <summary>Splits the bytes of a text into ids; without an implementation of its own, a tokenizer sees them as UTF-8 with U+FFFD for what is not.</summary>
    int[] Encode(ReadOnlySpan<byte> utf8) => Encode(System.Text.Encoding.UTF8.GetString(utf8));

    /// <summary>
    /// The ids of a text, each with the part of the text that it stands for. Without an implementation of its own, a tokenizer's tokens must spell the text
    /// byte by byte; a byte that no token spells is passed over.
    /// </summary>
    /// <exception cref="NotSupportedException">The tokens spell another text.</exception>
    TokenSpan[] EncodeWithOffsets(ReadOnlySpan<byte> utf8)
    {
        int[] ids = Encode(utf8);
        TokenSpan[] spans = new TokenSpan[ids.Length];
        int at = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            ReadOnlySpan<byte> bytes = GetBytes(ids[i]);
            int found = utf8[at..].IndexOf(bytes);
            if (found < 0) throw new NotSupportedException($"Offsets: token {ids[i]} does not stand in the text at or after byte {at}; this tokenizer changes texts.");
            spans[i] = new TokenSpan(ids[i], at + found, bytes.Length);
            at += found + bytes.Length;
        }
        return spans;
    }

    /// <summary>The bytes that one id stands for; empty for special tokens. Several tokens may share one character, so this need not be whole UTF-8.</summary>
    ReadOnlySpan<byte> GetBytes(int id);

    /// <summary>The text of some ids; bytes that are not UTF-8 become U+FFFD. For a stream use <see cref="StreamingDecoder"/>.</summary>
    string Decode(ReadOnlySpan<int> ids);
}
