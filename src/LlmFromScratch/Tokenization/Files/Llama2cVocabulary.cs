using System.Buffers.Binary;
using System.Text;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>
/// Reads the tok.bin of llama2.c: the length of the longest token (int32), then for each token its score (float32), its length in bytes (int32) and its
/// bytes, all little-endian. Ids are places; 0 is unknown, 1 begins, 2 ends, 3 to 258 are the bytes. Source: karpathy/llama2.c, tokenizer.py.
/// </summary>
public static class Llama2cVocabulary
{
    private const int FirstByteToken = 3, FirstPiece = FirstByteToken + 256;

    /// <summary>The tokenizer of a file.</summary>
    /// <exception cref="InvalidDataException">The file breaks the form; the message names the token and the place.</exception>
    public static SentencePieceBpeTokenizer Load(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 4) throw new InvalidDataException($"{path}: expected at least 4 bytes, got {file.Length}.");
        int longest = BinaryPrimitives.ReadInt32LittleEndian(file);
        List<string> texts = [];
        List<float> scores = [];
        for (int at = 4; at < file.Length;)
        {
            int length = file.Length - at < 8 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            if (length < 0 || length > file.Length - at - 8) throw new InvalidDataException(
                $"{path}: byte {at}: token {texts.Count}: expected a score, a length and as many bytes before the end at {file.Length}, got the length {length}.");
            scores.Add(BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(at)));
            texts.Add(Encoding.UTF8.GetString(file, at + 8, length));
            at += 8 + length;
        }
        if (texts.Count <= FirstPiece || texts[FirstByteToken] != "<0x00>") throw new InvalidDataException(
            $"{path}: expected <unk>, <s>, </s>, the 256 bytes and then pieces, got {texts.Count} tokens, the longest said to have {longest} bytes. Is it a llama2.c tokenizer?");
        TokenKind[] kinds = new TokenKind[texts.Count]; // [V]
        kinds.AsSpan().Fill(TokenKind.Normal);
        kinds.AsSpan(FirstByteToken, 256).Fill(TokenKind.Byte);
        (kinds[0], kinds[1], kinds[2]) = (TokenKind.Unknown, TokenKind.Control, TokenKind.Control);
        string[] pieces = [.. texts.Select((text, id) => kinds[id] == TokenKind.Normal ? text.Replace(' ', '\u2581') : text.Trim('\n'))];
        return new SentencePieceBpeTokenizer(new Vocabulary(path, pieces, kinds, [.. scores]),
            new SpecialTokens { BeginOfSequence = 1, EndOfSequence = 2, Unknown = 0, AddBeginOfSequence = true });
    }
}
