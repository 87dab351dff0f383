using FsCheck;
using FsCheck.Fluent;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization;

public class ByteLevelBpeTokenizerTests
{
    private const int Control = 261, UserDefined = 262;

    // Ids 0 to 255 are the bytes; then the results of four merges, one more token, a control and a user-defined token.
    private static ByteLevelBpeTokenizer Create(PreTokenizer? preTokenizer = null)
    {
        string[] texts = [.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.ToCharacter((byte)b).ToString()),
            "bc", "ab", "Ġa", "aa", "abc", "<|endoftext|>", "[X]"];
        TokenKind[] kinds = [.. Enumerable.Repeat(TokenKind.Normal, 261), TokenKind.Control, TokenKind.UserDefined];
        BpeMerge[] merges = [new('b', 'c', 256), new('a', 'b', 257), new(' ', 'a', 258), new('a', 'a', 259)];
        return new ByteLevelBpeTokenizer(new Vocabulary("test", texts, kinds), merges, new SpecialTokens { EndOfSequence = Control },
            preTokenizer ?? PreTokenizer.Gpt2);
    }

    [Fact]
    public void Encode_MergesOverlap_AppliesTheOneLearnedFirst() => Assert.Equal(['a', 256], Create().Encode("abc")); // bc before ab

    [Fact]
    public void Encode_RunOfOneLetter_MergesFromTheLeft() => Assert.Equal([259, 'a'], Create().Encode("aaa"));

    [Fact]
    public void Encode_TwoWords_NeverMergesAcross() => Assert.Equal(['b', 258, '\n', 'a', 'c'], Create().Encode("b a\nac")); // " a" is a word, "\n" one, "ac" one

    [Fact]
    public void Encode_WordThatIsAToken_IsKeptWholeByLlama3Only()
    {
        Assert.Equal([260], Create(PreTokenizer.Llama3).Encode("abc")); // no merge makes "abc"
        Assert.Equal(['a', 256], Create(PreTokenizer.Gpt2).Encode("abc"));
    }

    [Fact]
    public void Encode_NameOfAControlToken_StaysText()
    {
        Assert.DoesNotContain(Control, Create().Encode("a<|endoftext|>b"));
        Assert.Equal([UserDefined, 'z'], Create().Encode("[X]z")); // a user-defined token is cut out
    }

    [Fact]
    public void Decode_AnyText_GivesItBack()
    {
        ByteLevelBpeTokenizer gpt2 = Create(), llama3 = Create(PreTokenizer.Llama3);
        Check.QuickThrowOnFailure(Prop.ForAll(TestTexts.Arbitrary, text => gpt2.Decode(gpt2.Encode(text)) == text && llama3.Decode(llama3.Encode(text)) == text));
    }

    [Fact]
    public void Encode_AnyBytes_AreKept()
    {
        ByteLevelBpeTokenizer tokenizer = Create();
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            tokenizer.Encode(bytes).SelectMany(id => tokenizer.GetBytes(id).ToArray()).SequenceEqual(bytes)));
    }

    [Fact]
    public void Encode_LoneSurrogate_BecomesTheReplacementCharacter() => Assert.Equal("a\uFFFDb", Create().Decode(Create().Encode("a\uD800b")));

    [Fact]
    public void Encode_WordOfAMillionLetters_TakesNoQuadraticTime()
    {
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(500_000, Create().Encode(new string('a', 1_000_000)).Length);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60); // about one on an idle machine; quadratic time would take hours
    }

    [Fact]
    public void Decode_ControlToken_IsSilent() => Assert.Equal("ab", Create().Decode([257, Control]));

    [Fact]
    public void Constructor_MergeWithAnotherResult_IsRefused()
    {
        ByteLevelBpeTokenizer good = Create();
        string message = Assert.Throws<InvalidDataException>(() =>
            new ByteLevelBpeTokenizer(good.Vocabulary, [new BpeMerge('a', 'c', 256)], good.SpecialTokens, good.PreTokenizer)).Message;
        Assert.Equal("test: merge 0: expected the result 'ac', got 'bc' (token 256).", message);
        Assert.Throws<InvalidDataException>(() =>
            new ByteLevelBpeTokenizer(good.Vocabulary, [new BpeMerge('a', 9999, 256)], good.SpecialTokens, good.PreTokenizer));
    }

    [Fact]
    public void Encode_ByteOutsideVocabulary_BecomesUnknownOrIsLeftOut()
    {
        Vocabulary vocabulary = new("test", ["a", "<unk>"], [TokenKind.Normal, TokenKind.Unknown]);
        Assert.Equal([0, 1, 0], new ByteLevelBpeTokenizer(vocabulary, [], new SpecialTokens { Unknown = 1 }, PreTokenizer.Gpt2).Encode("aba"));
        Assert.Equal([0, 0], new ByteLevelBpeTokenizer(vocabulary, [], new SpecialTokens(), PreTokenizer.Gpt2).Encode("aba"));
    }
}
