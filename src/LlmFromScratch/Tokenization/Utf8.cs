namespace LlmFromScratch.Tokenization;

/// <summary>Characters in UTF-8, as tokenizers step over them.</summary>
internal static class Utf8
{
    /// <summary>The bytes of the character that the text starts with; a byte that cannot lead stands alone, and a cut-off character ends early.</summary>
    public static int CharacterLength(ReadOnlySpan<byte> text)
    {
        int expected = text[0] switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
        int length = 1;
        while (length < expected && length < text.Length && (text[length] & 0xC0) == 0x80) length++;
        return length;
    }
}
