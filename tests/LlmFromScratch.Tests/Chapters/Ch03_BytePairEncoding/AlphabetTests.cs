using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Tests.Tokenization;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Chapters.Ch03_BytePairEncoding;

/// <summary>Checklist D3 and D6, erratum X28: characters, bytes, or characters with bytes to fall back on.</summary>
[Trait("Chapter", "03")]
public class AlphabetTests
{
    private const string Foreign = "Füchse 狐 🦊";

    // <unk>, the characters of the tales, two merges, and byte tokens where asked for: all as pieces with scores.
    private static SentencePieceBpeTokenizer Create(bool fallsBack)
    {
        string[] characters = [.. Tales.Known.Replace(' ', '▁').EnumerateRunes().Select(rune => rune.ToString()).Distinct()
            .Order(StringComparer.Ordinal)];
        string[] bytes = fallsBack ? [.. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")] : [];
        string[] texts = ["<unk>", .. bytes, "he", "▁t", .. characters];
        TokenKind[] kinds =
            [TokenKind.Unknown, .. Enumerable.Repeat(TokenKind.Byte, bytes.Length), .. Enumerable.Repeat(TokenKind.Normal, characters.Length + 2)];
        return new SentencePieceBpeTokenizer(
            new Vocabulary("test", texts, kinds, [.. texts.Select((_, i) => (float)-i)]), new SpecialTokens { Unknown = 0 });
    }

    [Fact]
    public void Characters_OneThatTheCorpusLacks_IsLost()
    {
        SentencePieceBpeTokenizer characters = Create(fallsBack: false);
        Assert.Equal("the fox", characters.Decode(characters.Encode("the fox")));
        Assert.Contains(0, characters.Encode(Foreign));
        Assert.NotEqual(Foreign, characters.Decode(characters.Encode(Foreign)));
    }

    [Fact]
    public void Bytes_ACharacterThatTheCorpusLacks_ComesBack() =>
        Assert.Equal(Foreign, Tales.Tokenizer.Decode(Tales.Tokenizer.Encode(Foreign)));

    [Fact]
    public void ByteFallback_AnyTextWithoutPreTokenizer_ComesBack()
    {
        SentencePieceBpeTokenizer tokenizer = Create(fallsBack: true);
        Assert.Equal(Foreign, tokenizer.Decode(tokenizer.Encode(Foreign)));
        Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text => tokenizer.Decode(tokenizer.Encode(text)) == text));
    }
}
