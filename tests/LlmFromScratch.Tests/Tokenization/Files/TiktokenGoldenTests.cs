using System.Text.Json;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Tokenization.Files;

namespace LlmFromScratch.Tests.Tokenization.Files;

/// <summary>Every case of TestPlans.txt for the rank files that are there; the shared folder's README says where they come from.</summary>
public class TiktokenGoldenTests
{
    public static TheoryData<string> RankFiles => [.. TestData.FilesOf("*.tiktoken", "tiktoken")];

    [SharedDataTheory]
    [MemberData(nameof(RankFiles))]
    public void Encode_EveryTestPlan_GivesItsIds(string name)
    {
        ByteLevelBpeTokenizer tokenizer = TiktokenFile.Load(TestData.PathOf(name));
        string encoding = Path.GetFileNameWithoutExtension(name);
        string[] lines = File.ReadAllLines(TestData.PathOf("tiktoken", "TestPlans.txt"));
        int compared = 0;
        for (int i = 0; i + 2 < lines.Length; i++)
        {
            if (lines[i] != $"EncodingName: {encoding}") continue;
            Assert.StartsWith("Sample: ", lines[i + 1]);
            string sample = lines[i + 1]["Sample: ".Length..];
            int[] expected = JsonSerializer.Deserialize<int[]>(lines[i + 2]["Encoded: ".Length..])!; // not null: a list
            int[] ids = tokenizer.Encode(sample);
            Assert.True(expected.SequenceEqual(ids), $"{encoding}: '{sample}': expected {string.Join(' ', expected)}, got {string.Join(' ', ids)}");
            Assert.Equal(sample, tokenizer.Decode(ids));
            compared++;
        }
        Assert.True(compared >= 50, $"{encoding}: expected at least 50 cases, found {compared}");
    }
}
