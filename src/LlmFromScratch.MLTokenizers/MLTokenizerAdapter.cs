using System.Buffers;
using System.Text;
using LlmFromScratch.Tokenization;
using Microsoft.ML.Tokenizers;

namespace LlmFromScratch.MLTokenizers;

/// <summary>
/// A tokenizer of Microsoft.ML.Tokenizers seen as <see cref="ITokenizer"/>: it drives the real generator, and its ids can be laid beside those of
/// <see cref="ByteLevelBpeTokenizer"/>. The package splits the text; the bytes of an id come from the vocabulary, because the package gives
/// only text, and one token may be half a character. Compare notebooks/03-byte-pair-encoding.ipynb.
/// </summary>
public sealed class MLTokenizerAdapter : ITokenizer
{
    private readonly Tokenizer _tokenizer;
    private readonly byte[][] _bytes; // [V], empty for special tokens

    /// <summary>An adapter over any tokenizer of the package whose bytes are known.</summary>
    /// <param name="tokenizer">Splits texts; it must add no token of its own.</param>
    /// <param name="tokenBytes">[V] what each id stands for; empty for special tokens.</param>
    /// <param name="specialTokens">The ids with a meaning of their own.</param>
    public MLTokenizerAdapter(Tokenizer tokenizer, ReadOnlySpan<byte[]> tokenBytes, SpecialTokens specialTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(specialTokens);
        (_tokenizer, _bytes, SpecialTokens) = (tokenizer, tokenBytes.ToArray(), specialTokens);
    }

    /// <inheritdoc/>
    public int VocabSize => _bytes.Length;

    /// <inheritdoc/>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>An adapter over a byte-level BPE tokenizer, such as GPT-2's.</summary>
    /// <param name="tokenizer">Made with <see cref="BpeOptions.ByteLevel"/>.</param>
    /// <param name="specialTokens">The ids with a meaning of their own.</param>
    /// <exception cref="NotSupportedException">The tokenizer is not byte-level.</exception>
    public static MLTokenizerAdapter FromBpe(BpeTokenizer tokenizer, SpecialTokens specialTokens) =>
        new(tokenizer, TokenBytes.OfBpe(tokenizer, specialTokens), specialTokens);

    /// <summary>An adapter over a tiktoken tokenizer, such as cl100k_base.</summary>
    /// <param name="tokenizer">Made from the same file.</param>
    /// <param name="path">The vocabulary: a line for each token, its bytes in base64, a space, its id.</param>
    /// <param name="specialTokens">The ids with a meaning of their own.</param>
    /// <exception cref="InvalidDataException">A line of the file has another form.</exception>
    public static MLTokenizerAdapter FromTiktoken(TiktokenTokenizer tokenizer, string path, SpecialTokens specialTokens) =>
        new(tokenizer, TokenBytes.OfTiktoken(path, tokenizer.SpecialTokens), specialTokens);

    /// <summary>Splits text into ids; adds no special tokens.</summary>
    /// <exception cref="InvalidOperationException">The package put a special token in; text must not be able to.</exception>
    public int[] Encode(string text)
    {
        int[] ids = [.. _tokenizer.EncodeToIds(text)];
        foreach (int id in ids)
            if (GetBytes(id).IsEmpty && id != SpecialTokens.Unknown) throw new InvalidOperationException(
                $"MLTokenizerAdapter: expected text tokens only, got id {id}, which is special. Make the tokenizer without special tokens and without a beginning or end.");
        return ids;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GetBytes(int id) => _bytes[id];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        ArrayBufferWriter<byte> text = new();
        foreach (int id in ids) text.Write(_bytes[id]);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
