using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization;

public class SentencePieceBpeTokenizerTests
{
    private static readonly string[] Pieces = ["▁", "a", "b", "c", "ab", "bc", "abc", "▁a", "<", ">", "s", "<s", "é"];
    private static readonly float[] Scores = [-10, -10, -10, -10, -2, -1, -3, -4, -10, -10, -10, -5, -10];
    private const int FirstPiece = 260, Bos = 1, UserDefined = 259; // 0 <unk>, 1 <s>, 2 </s>, 3 to 258 bytes, 259 [X], then the pieces

    private static SentencePieceBpeTokenizer Create(bool addSpacePrefix = true)
    {
        string[] texts = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), "[X]", .. Pieces];
        TokenKind[] kinds = [TokenKind.Unknown, TokenKind.Control, TokenKind.Control, .. Enumerable.Repeat(TokenKind.Byte, 256),
            TokenKind.UserDefined, .. Enumerable.Repeat(TokenKind.Normal, Pieces.Length)];
        float[] scores = [.. new float[260], .. Scores];
        return new SentencePieceBpeTokenizer(new Vocabulary("test", texts, kinds, scores),
            new SpecialTokens { BeginOfSequence = Bos, EndOfSequence = 2, Unknown = 0 }, addSpacePrefix);
    }

    private static int Id(string piece) => FirstPiece + Array.IndexOf(Pieces, piece);

    private static int ByteId(byte value) => 3 + value;

    [Fact]
    public void Encode_ScoresDisagreeWithReadingOrder_MergesTheBestScoreFirst() =>
        // "▁abc": candidates ▁a (-4), ab (-2), bc (-1). bc wins; then ▁a (-4) and abc (-3): abc wins; "▁abc" is no piece.
        Assert.Equal([Id("▁"), Id("abc")], Create().Encode("abc"));

    [Fact]
    public void Encode_EqualScores_MergesTheLeftmostFirst() =>
        // "abab": ab at 0 and at 2 have the same score; "ba" is no piece.
        Assert.Equal([Id("ab"), Id("ab")], Create(addSpacePrefix: false).Encode("abab"));

    [Fact]
    public void Encode_CharacterOutsideVocabulary_IsSpelledInBytes() =>
        Assert.Equal([Id("▁"), ByteId(0xE2), ByteId(0x82), ByteId(0xAC), Id("é")], Create().Encode("€é")); // U+20AC is E2 82 AC

    [Fact]
    public void Encode_NameOfAControlToken_StaysText() =>
        // "<s" is a piece and "<s>" the name of id 1: it must not come out of a text.
        Assert.Equal([Id("<s"), Id(">")], Create(addSpacePrefix: false).Encode("<s>"));

    [Fact]
    public void Encode_NameOfAByteToken_StaysText() => Assert.DoesNotContain(ByteId(0x41), Create().Encode("<0x41>"));

    [Fact]
    public void Encode_UserDefinedToken_IsCutOutFirst()
    {
        int[] ids = Create().Encode("a[X]b");
        Assert.Equal([Id("▁a"), UserDefined, Id("▁"), Id("b")], ids); // the part after it starts with a space again, as in llama.cpp
        Assert.Equal("a[X]b", Create().Decode(ids));
    }

    [Fact]
    public void Encode_PieceWithASpaceInside_IsFoundAcrossWords()
    {
        // "a▁b" by way of "a▁"; without it the text is merged word by word, which gives the same ids in less time.
        Vocabulary vocabulary = new("test", ["<unk>", "▁", "a", "b", "a▁", "a▁b"], [TokenKind.Unknown, .. Enumerable.Repeat(TokenKind.Normal, 5)],
            [0, -9, -9, -9, -2, -1]);
        SentencePieceBpeTokenizer tokenizer = new(vocabulary, new SpecialTokens { Unknown = 0 }, addSpacePrefix: false);
        Assert.Equal([5, 5], tokenizer.Encode("a ba b"));
    }

    [Fact]
    public void Encode_EmptyText_GivesNothing() => Assert.Empty(Create().Encode(""));

    [Fact]
    public void Encode_LoneSurrogate_BecomesTheReplacementCharacter() => Assert.Equal("a\uFFFDb", Create().Decode(Create().Encode("a\uD800b")));

    [Fact]
    public void Encode_BytesThatAreNotUtf8_AreKept()
    {
        byte[] bytes = [0xE2, 0x20, 0xFF, 0x61, 0x80, 0xF0, 0x9F];
        SentencePieceBpeTokenizer tokenizer = Create(addSpacePrefix: false);
        Assert.Equal(bytes, tokenizer.Encode(bytes).SelectMany(id => tokenizer.GetBytes(id).ToArray()));
    }

    [Fact]
    public void Decode_ControlTokens_AreSilent() => Assert.Equal("ab", Create().Decode([Bos, Id("▁"), Id("ab"), 2]));

    [Fact]
    public void Decode_AnyText_GivesItBack()
    {
        SentencePieceBpeTokenizer tokenizer = Create(), plain = Create(addSpacePrefix: false);
        // U+2581 is left out: SentencePiece reads it as a space.
        Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary,
            text => plain.Decode(plain.Encode(text)) == text && tokenizer.Decode(tokenizer.Encode(text)) == text));
    }

    [Fact]
    public void Encode_LongTextOfOneLetter_TakesNoQuadraticTime()
    {
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(1_000_000, Create().Encode(new string('a', 1_000_000)).Length); // "▁a", then 999,999 times "a"
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60); // about one on an idle machine; quadratic time would take hours
    }

    [Fact]
    public void Constructor_NoByteAndNoUnknownToken_IsRefused()
    {
        Vocabulary vocabulary = new("file.gguf", ["a"], [TokenKind.Normal], [0]);
        string message = Assert.Throws<InvalidDataException>(() => new SentencePieceBpeTokenizer(vocabulary, new SpecialTokens())).Message;
        Assert.Contains("file.gguf", message);
        Assert.Contains("no <0x00>", message);
    }

    [Fact]
    public void Constructor_NoScores_IsRefused() => Assert.Throws<InvalidDataException>(() =>
        new SentencePieceBpeTokenizer(new Vocabulary("file.gguf", ["a"]), new SpecialTokens()));

    [Fact]
    public void StreamingDecoder_CharacterInByteTokens_ComesOutWhole()
    {
        SentencePieceBpeTokenizer tokenizer = Create();
        StreamingDecoder decoder = new(tokenizer);
        Assert.Equal(["", "", "€"], tokenizer.Encode("€")[1..].Select(decoder.Append));
    }
}
