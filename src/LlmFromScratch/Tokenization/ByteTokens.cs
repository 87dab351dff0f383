using System.Globalization;

namespace LlmFromScratch.Tokenization;

/// <summary>The tokens &lt;0x00&gt; to &lt;0xFF&gt; with which a SentencePiece vocabulary spells what it does not know.</summary>
internal static class ByteTokens
{
    /// <summary>[256]: the token of each byte; -1 where the vocabulary lacks it.</summary>
    /// <exception cref="InvalidDataException">A token of kind byte is not written so.</exception>
    public static int[] Find(Vocabulary vocabulary)
    {
        int[] ids = new int[256];
        Array.Fill(ids, -1);
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] == TokenKind.Byte) ids[Parse(vocabulary, id)] = id;
        return ids;
    }

    /// <summary>The byte of a byte token.</summary>
    /// <exception cref="InvalidDataException">It is not written &lt;0xXX&gt;.</exception>
    public static byte Parse(Vocabulary vocabulary, int id) => TryParse(vocabulary.Texts[id], out byte value)
        ? value
        : throw new InvalidDataException($"{vocabulary.Source}: vocabulary: byte token {id}: expected <0x00> to <0xFF>, got '{vocabulary.Texts[id]}'.");

    /// <summary>Whether a token is written as a byte, and which.</summary>
    public static bool TryParse(string text, out byte value)
    {
        value = 0;
        return text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
            && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
