namespace LlmFromScratch.Tokenization;

/// <summary>What a token of a vocabulary is for; the numbers are those of GGUF's tokenizer.ggml.token_type.</summary>
public enum TokenKind
{
    /// <summary>Ordinary text.</summary>
    Normal = 1,

    /// <summary>Stands for text that the vocabulary cannot express.</summary>
    Unknown = 2,

    /// <summary>Placed by the engine or a chat template only; text never produces it, and it has no text.</summary>
    Control = 3,

    /// <summary>Always cut out of a text as a whole, before anything else.</summary>
    UserDefined = 4,

    /// <summary>A place kept free.</summary>
    Unused = 5,

    /// <summary>One byte, written &lt;0xXX&gt;: what a character outside the vocabulary is spelled with.</summary>
    Byte = 6,
}
