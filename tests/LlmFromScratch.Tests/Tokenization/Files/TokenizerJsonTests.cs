using System.Text;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization.Files;

public class TokenizerJsonTests
{
    // Ids: 0 <unk>, 1 <s>, 2 to 257 bytes, then pieces. Merges: "a b", "▁ ab".
    private static string LlamaStyle(string preTokenizer = "null", string normalizer = """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}""") => $$$"""
        {"added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true},{"id":263,"content":"<tool>","special":false}],
         "normalizer":{{{normalizer}}},"pre_tokenizer":{{{preTokenizer}}},
         "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{}},
         "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
         "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,
          "vocab":{"<unk>":0,"<s>":1,{{{string.Join(',', Enumerable.Range(0, 256).Select(b => $"\"<0x{b:X2}>\":{b + 2}"))}}},"▁":258,"a":259,"b":260,"ab":261,"▁ab":262},
          "merges":["a b",["▁","ab"]] } }
        """;

    [Fact]
    public void LlamaStyle_WordsBytesAndAddedTokens_AsWorkedByHand()
    {
        ITokenizer tokenizer = TokenizerJsonText.Load(LlamaStyle());
        Assert.Equal([262, 262, 258, 259], tokenizer.Encode("ab ab a"));
        Assert.Equal([258, 2 + 0xC3, 2 + 0xA9], tokenizer.Encode("é"));
        Assert.Equal([262, 263, 258, 260], tokenizer.Encode("ab<tool>b"));
        Assert.DoesNotContain(1, tokenizer.Encode("<s>"));
        Assert.Equal((1, true), (tokenizer.SpecialTokens.BeginOfSequence, tokenizer.SpecialTokens.AddBeginOfSequence));
        Assert.Equal("ab é", tokenizer.Decode(tokenizer.Encode("ab é")));
    }

    [Fact]
    public void Metaspace_FirstOnly_PutsOneMarkInFront()
    {
        ITokenizer tokenizer = TokenizerJsonText.Load(LlamaStyle("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}""", "null"));
        Assert.Equal([262, 263, 260], tokenizer.Encode("ab<tool>b")); // none behind the added token
        Assert.Equal([262, 262], TokenizerJsonText.Load(LlamaStyle("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""", "null")).Encode("ab ab"));
    }

    [Fact]
    public void Offsets_NormalisedText_PointIntoTheOriginal()
    {
        ITokenizer tokenizer = TokenizerJsonText.Load(LlamaStyle(normalizer: """{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"},{"type":"StripAccents"}]}"""));
        Assert.Equal([new TokenSpan(261, 0, 2), new TokenSpan(2 + ' ', 2, 1), new TokenSpan(261, 3, 6)], tokenizer.EncodeWithOffsets(Encoding.UTF8.GetBytes("AB ａｂ")));
    }

    [Theory]
    [InlineData("NFC", "e\u0301 \uAC00\u11A8 \u212B", "é \uAC01 Å")]
    [InlineData("NFD", "é \uAC01", "e\u0301 \u1100\u1161\u11A8")]
    [InlineData("NFKC", "ﬁ Ⅳ １\u00A0²", "fi IV 1 2")]
    [InlineData("NFC", "a\u0327\u0301 \u0958 q\u0323\u0307", "\u00E1\u0327 \u0915\u093C q\u0323\u0307")] // the cedilla does not block the accent
    [InlineData("NFC", "q\u0307\u0323 \u1100\u1161\u11A8\u11A8", "q\u0323\u0307 \uAC01\u11A8")]
    [InlineData("Lowercase", "ÀB İ", "àb i\u0307")]
    [InlineData("StripAccents", "e\u0301a", "ea")]
    [InlineData("Strip", " \t a b \u3000", "a b")]
    public void Normalizer_Text_AsUnicodeSays(string type, string text, string expected)
    {
        // A vocabulary of bytes only, nothing cut: what comes back is the normalised text.
        ITokenizer tokenizer = TokenizerJsonText.Load(LlamaStyle(normalizer: $$"""{"type":"{{type}}"}"""));
        byte[] bytes = [.. tokenizer.Encode(text).SelectMany(id => tokenizer.GetBytes(id).ToArray())];
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Unigram_BestSum_NotTheLongestPiece()
    {
        // "abab": ab + ab = -4; aba + b = -6; a + b + a + b = -12. "é" is unknown, and so is the one beside it: one token.
        ITokenizer tokenizer = TokenizerJsonText.Load("""
            {"normalizer":null,"pre_tokenizer":null,"decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"never"},
             "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-3],["b",-3],["ab",-2],["aba",-3]]}}
            """);
        Assert.Equal([3, 3], tokenizer.Encode("abab"));
        Assert.Equal([1, 0, 2], tokenizer.Encode("aééb"));
        Assert.Equal(new TokenSpan(0, 1, 4), tokenizer.EncodeWithOffsets("aééb"u8)[1]);
    }

    [Fact]
    public void WordPiece_LongestPieces_StuckWordsAreUnknownAsAWhole()
    {
        ITokenizer tokenizer = TokenizerJsonText.Load("""
            {"added_tokens":[{"id":0,"content":"[UNK]","special":true},{"id":1,"content":"[CLS]","special":true},{"id":2,"content":"[SEP]","special":true}],
             "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},
             "post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
             "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
              "vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"un":3,"##aff":4,"##able":5,",":6,"##a":7,"中":8}}}
            """);
        Assert.Equal([3, 4, 5, 6, 3, 8, 0], tokenizer.Encode("UNÁFFable, un中unx"));
        Assert.Equal("unaffable, un", tokenizer.Decode([3, 4, 5, 6, 3]));
        Assert.Equal((1, 2, true, true), (tokenizer.SpecialTokens.BeginOfSequence, tokenizer.SpecialTokens.EndOfSequence,
            tokenizer.SpecialTokens.AddBeginOfSequence, tokenizer.SpecialTokens.AddEndOfSequence));
        Assert.Equal([0], tokenizer.Encode(new string('a', 101)));
    }

    [Theory]
    [InlineData("""{"model":{"type":"WordLevel","vocab":{"a":0}}}""", "model 'WordLevel' is not supported")]
    [InlineData("""{"normalizer":{"type":"Nmt"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "field 'normalizer': normaliser 'Nmt' is not supported")]
    [InlineData("""{"pre_tokenizer":{"type":"UnicodeScripts"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "pre-tokenizer 'UnicodeScripts'")]
    [InlineData("""{"decoder":{"type":"CTC"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "decoder 'CTC'")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(?<=a)b"},"behavior":"Isolated"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "the group '(?<=' is not supported")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}""", "field 'model.merges[0]': expected two tokens that make a third")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":2000000000},"merges":[]}}""", "expected ids from 0 to")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":"x"},"merges":[]}}""", "expected a whole number, got \"x\"")]
    [InlineData("""{"model":[]}""", "field 'model'")]
    [InlineData("{", "expected JSON")]
    public void Load_BrokenOrUnsupported_NamesTheField(string json, string expected)
    {
        Exception refused = Assert.ThrowsAny<Exception>(() => TokenizerJsonText.Load(json));
        Assert.True(refused is InvalidDataException or NotSupportedException, refused.ToString());
        Assert.Contains(expected, refused.Message);
    }
}
