using FsCheck;
using FsCheck.Fluent;

namespace LlmFromScratch.Tests.Tokenization;

/// <summary>Texts that are hard for tokenizers: runs of spaces, line ends, contractions, digits, scripts, emoji, and the names of special tokens.</summary>
internal static class TestTexts
{
    private static readonly string[] Parts =
    [
        "a", "b", "c", "ab", "abc", "Once", "upon", " ", "  ", "\t", "\n", "\r\n", "\u00A0", "'s", "'LL", "'", "1", "23", "4567", "½", "é", "ß",
        "привет", "你好", "日本", "🙂", "👩‍👩‍👧", "𝒳", "\u0301", "\u0000", "\u2028", ".", "...", "!?", "<s>", "</s>", "<0x41>", "[X]", "<|endoftext|>", "\uFFFD",
    ];

    /// <summary>Up to a few dozen parts in any order.</summary>
    public static Arbitrary<string> Arbitrary { get; } = Gen.Elements(Parts).ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
}
