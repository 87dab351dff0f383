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

    public static TheoryData<string> Vocabularies => [.. TestData.FilesOf("*.out", "vocab").Select(file => file[..^".out".Length])];

    public static TheoryData<string> WholeTexts => [.. TestData.FilesOf("*.json", "tokenized")];

    [SharedDataTheory]
    [MemberData(nameof(Vocabularies))]
    public void Encode_TextsOfTheVocabulary_GivesTheIdsOfLlamaCpp(string name)
    {
        string path = TestData.PathOf(name);
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
    [MemberData(nameof(WholeTexts))]
    public void Encode_WholeTexts_GivesTheIdsOfLlamaCpp(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf(name)));
        using GgufFile file = GgufFile.Open(FindVocabulary(golden.RootElement.GetProperty("gguf").GetString()!)); // not null: every file names it
        ITokenizer tokenizer = TokenizerLoader.Load(file);
        int compared = 0;
        foreach (JsonProperty text in golden.RootElement.GetProperty("texts").EnumerateObject())
        {
            string path = TestData.PathOf("tokenized", "texts", text.Name);
            if (!File.Exists(path)) continue; // the list names more texts than the folder holds
            byte[] bytes = File.ReadAllBytes(path);
            int[] expected = text.Value.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            int[] ids = tokenizer.Encode(bytes);
            int same = expected.AsSpan().CommonPrefixLength(ids);
            Assert.True(same == expected.Length && same == ids.Length, $"{name}, {text.Name}: token {same} of {expected.Length}: expected "
                + $"{string.Join(' ', expected.Skip(same).Take(6))}, got {string.Join(' ', ids.Skip(same).Take(6))} after '{tokenizer.Decode(ids.AsSpan(Math.Max(0, same - 12)..same))}'");
            if (text.Value.GetProperty("pieces_concat_equals_text").GetBoolean()) Assert.Equal(Encoding.UTF8.GetString(bytes), tokenizer.Decode(ids));
            compared++;
        }
        Assert.True(compared >= 2, $"expected at least two texts, found {compared}");
    }

    // A vocabulary stands in vocab/; those of small models in the model's file.
    private static string FindVocabulary(string file)
    {
        string name = Path.GetFileName(file.Replace('\\', '/'));
        return TestData.FilesOf(name, "vocab", "stories260K", "architectures").Select(path => TestData.PathOf(path)).FirstOrDefault()
            ?? throw new FileNotFoundException($"{name} stands in none of vocab, stories260K and architectures.");
    }
}
