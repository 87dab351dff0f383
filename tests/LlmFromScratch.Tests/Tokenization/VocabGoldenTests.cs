using System.Text;
using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization;

/// <summary>Ids that llama.cpp gives for published vocabularies; the shared folder's README and EXPECTED.md say how they were made.</summary>
public class VocabGoldenTests
{
    private const string Separator = "\n__ggml_vocab_test__\n";

    [SharedDataTheory]
    [InlineData("llama-spm")]
    [InlineData("phi-3")]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("qwen2")]
    public void Encode_TextsOfTheVocabulary_GivesTheIdsOfLlamaCpp(string name)
    {
        string path = TestData.PathOf("vocab", $"ggml-vocab-{name}.gguf");
        using GgufFile file = GgufFile.Open(path);
        ITokenizer tokenizer = TokenizerLoader.Load(file);
        string[] texts = File.ReadAllText(path + ".inp").Split(Separator);
        string[] expected = File.ReadAllLines(path + ".out");
        Assert.True(expected.Length > 40, "the file with the expected ids is too short");
        for (int i = 0; i < expected.Length; i++) // after the last separator there is nothing to encode
        {
            int[] ids = expected[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
            Assert.True(ids.SequenceEqual(tokenizer.Encode(texts[i])),
                $"{name}, text {i} '{texts[i]}': expected {expected[i]}, got {string.Join(' ', tokenizer.Encode(texts[i]))}");
        }
    }

    [SharedDataTheory]
    [InlineData("llama-spm")]
    [InlineData("phi-3")]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("qwen2")]
    public void Encode_WholeTexts_GivesTheIdsOfLlamaCpp(string name)
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf("vocab", $"ggml-vocab-{name}.gguf"));
        ITokenizer tokenizer = TokenizerLoader.Load(file);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf("tokenized", name + ".json")));
        int compared = 0;
        foreach (JsonProperty text in golden.RootElement.GetProperty("texts").EnumerateObject())
        {
            string path = TestData.PathOf("tokenized", "texts", text.Name);
            if (!File.Exists(path)) continue; // the list names more texts than the folder holds
            string content = Encoding.UTF8.GetString(File.ReadAllBytes(path));
            int[] expected = text.Value.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            int[] ids = tokenizer.Encode(content);
            Assert.Equal(expected, ids);
            Assert.Equal(content, tokenizer.Decode(ids));
            compared++;
        }
        Assert.True(compared >= 2, $"expected at least two texts, found {compared}");
    }
}
