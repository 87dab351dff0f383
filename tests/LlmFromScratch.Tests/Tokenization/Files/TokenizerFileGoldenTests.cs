using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Tokenization.Files;

namespace LlmFromScratch.Tests.Tokenization.Files;

/// <summary>The same vocabulary from another file format gives the same ids.</summary>
public class TokenizerFileGoldenTests
{
    private static string[] Texts => [.. TestData.FilesOf("*.txt", "tokenized/texts").Select(file => File.ReadAllText(TestData.PathOf(file)))];

    [SharedDataFact]
    public void Gpt2Files_Texts_AsTheGgufVocabulary() =>
        AssertSame(LoadGguf("vocab", "ggml-vocab-gpt-2.gguf"), Gpt2Files.Load(TestData.PathOf("gpt2", "encoder.json"), TestData.PathOf("gpt2", "vocab.bpe")));

    [SharedDataFact]
    public void Llama2cVocabulary_Texts_AsTheGgufVocabulary() =>
        AssertSame(LoadGguf("stories260K", "stories260K.gguf"), Llama2cVocabulary.Load(TestData.PathOf("stories260K", "tok512.bin")));

    [SharedDataTheory]
    [InlineData("gpt-2", """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""", "null")]
    [InlineData("gpt-2", """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""", """{"type":"NFC"}""")] // makes it a row of parts
    [InlineData("bert-bge", """{"type":"BertPreTokenizer"}""", """{"type":"BertNormalizer"}""")]
    public void TokenizerJson_Texts_AsTheGgufVocabulary(string name, string preTokenizer, string normalizer)
    {
        ITokenizer expected = LoadGguf("vocab", $"ggml-vocab-{name}.gguf");
        AssertSame(expected, TokenizerJsonText.Load(TokenizerJsonText.Of(expected, preTokenizer, normalizer)));
    }

    private static ITokenizer LoadGguf(params ReadOnlySpan<string> path)
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf(path));
        return TokenizerLoader.Load(file);
    }

    private static void AssertSame(ITokenizer expected, ITokenizer actual)
    {
        Assert.NotEmpty(Texts);
        foreach (string text in Texts)
        {
            int[] ids = expected.Encode(text);
            Assert.Equal(ids, actual.Encode(text));
            Assert.Equal(expected.Decode(ids), actual.Decode(ids));
        }
    }
}
