using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Models;

public class TokenizerLoaderTests
{
    private const string Prefix = "tokenizer.ggml.";

    [Fact]
    public void Load_TrainedTokenizerWritten_IsTheSame()
    {
        BpeTrainingOptions options = new() { VocabSize = 330, ControlTokens = ["<|bos|>", "<|eos|>"], BeginOfSequence = "<|bos|>", EndOfSequence = "<|eos|>" };
        string text = "the cat's hat; the bat's mat. Über 12 «Ёлки» 🙂🙂 the cats sat on the mats, and the bats ate the hats";
        ByteLevelBpeTokenizer trained = new BpeTrainer(options).Train([text]);
        GgufWriter writer = new();
        TokenizerWriter.Write(writer, trained);
        ByteLevelBpeTokenizer loaded = Assert.IsType<ByteLevelBpeTokenizer>(Load(writer));
        Assert.Equal(trained.Merges.ToArray(), loaded.Merges.ToArray());
        Assert.Equal(trained.Vocabulary.Texts.ToArray(), loaded.Vocabulary.Texts.ToArray());
        Assert.Equal(trained.Vocabulary.Kinds.ToArray(), loaded.Vocabulary.Kinds.ToArray());
        Assert.Equal(trained.SpecialTokens, loaded.SpecialTokens);
        Assert.Equal(trained.PreTokenizer, loaded.PreTokenizer);
        Assert.Equal(trained.Encode(text), loaded.Encode(text));
    }

    [Fact]
    public void Load_SentencePieceVocabulary_ReadsFlags()
    {
        SentencePieceBpeTokenizer tokenizer = Assert.IsType<SentencePieceBpeTokenizer>(Load(SentencePiece().Add(Prefix + "add_space_prefix", false)));
        Assert.Equal(new SpecialTokens { BeginOfSequence = 1, Unknown = 0, AddBeginOfSequence = true }, tokenizer.SpecialTokens); // eos: "none"
        Assert.Equal([2], tokenizer.Encode("a")); // no space in front
    }

    [Fact]
    public void Load_AnotherModel_ListsWhatIsSupported() => Assert.Contains("tokenizer 'rwkv' is not supported; supported: llama",
        Assert.Throws<NotSupportedException>(() => Load(new GgufWriter().Add(Prefix + "model", "rwkv"))).Message);

    [Fact]
    public void Load_AnotherPreTokenizer_ListsWhatIsSupported() => Assert.Contains("pre-tokenizer 'unheard-of' is not supported; supported: gpt-2, llama-bpe, dbrx, qwen2",
        Assert.Throws<NotSupportedException>(() => Load(new GgufWriter().Add(Prefix + "model", "gpt2").Add(Prefix + "pre", "unheard-of"))).Message);

    [Fact]
    public void Load_BadFiles_NameTheKey()
    {
        AssertRefused(new GgufWriter(), "'tokenizer.ggml.model' is missing");
        AssertRefused(new GgufWriter().Add(Prefix + "model", "llama"), "'tokenizer.ggml.scores' is missing");
        AssertRefused(SentencePiece(scores: [0f]), "expected a score for each of 3 tokens, got 1");
        AssertRefused(SentencePiece(scores: [0f, 0f, float.NaN]), "score of token 2: expected a number, got NaN");
        AssertRefused(SentencePiece(kinds: [2, 3, 7]), "kind of token 2: expected 1 to 6, got 7");
        AssertRefused(SentencePiece(kinds: [2, 3, 6]), "byte token 2: expected <0x00> to <0xFF>, got 'a'");
        AssertRefused(SentencePiece(bos: 3), "'tokenizer.ggml.bos_token_id': expected an id from 0 to 2, got 3");
        AssertRefused(ByteLevel("ab"), "merge 0: expected two tokens that make a third, with a space between them, got 'ab'");
        AssertRefused(ByteLevel("b a"), "got 'b a'"); // there is no token "ba"
        AssertRefused(ByteLevel("a b").Add(Prefix + "add_bos_token", true), "expected a token in 'tokenizer.ggml.bos_token_id', got none");
    }

    private static GgufWriter SentencePiece(float[]? scores = null, int[]? kinds = null, uint bos = 1) => new GgufWriter()
        .Add(Prefix + "model", "llama")
        .Add(Prefix + "tokens", new[] { "<unk>", "<s>", "a" })
        .Add(Prefix + "scores", scores ?? [0f, 0f, -1f])
        .Add(Prefix + "token_type", kinds ?? [2, 3, 1])
        .Add(Prefix + "bos_token_id", bos).Add(Prefix + "eos_token_id", uint.MaxValue).Add(Prefix + "unknown_token_id", 0u);

    private static GgufWriter ByteLevel(params string[] merges) => new GgufWriter()
        .Add(Prefix + "model", "gpt2").Add(Prefix + "pre", "gpt-2")
        .Add(Prefix + "tokens", new[] { "a", "b", "ab" }).Add(Prefix + "merges", merges);

    private static void AssertRefused(GgufWriter writer, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Load(writer)).Message);

    private static ITokenizer Load(GgufWriter writer)
    {
        using TemporaryFile disk = new(GgufFileTests.Bytes(writer));
        using GgufFile file = GgufFile.Open(disk.Path);
        return TokenizerLoader.Load(file);
    }
}
