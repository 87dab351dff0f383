using System.Text.Json;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Alignment;

public sealed class SampledPairsTests : IDisposable
{
    private const WorldRules Rules = WorldRules.Cast | WorldRules.Places; // the others judge

    private static readonly string ChatModel = Path.Combine(TestData.SolutionFolder, "models", "tales-chat.gguf");

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Make_ChatModel_PairsWhatItsRulesPreferAndTheCommandTheSame()
    {
        using SampledPairs maker = new(ChatModel);
        PreferenceExample[] pairs = [.. maker.Make(seed: 2, count: 4)];
        Assert.Equal(4, pairs.Length);
        foreach (string[] rules in (string[][])[["consistent"], ["near"], ["called", "right"]]) Assert.Equal(1, pairs.Count(pair => rules.Contains(pair.Rule)));
        Assert.All(pairs, pair =>
        {
            Assert.Equal("user", pair.Prompt[^1].Role);
            Assert.NotEqual(pair.Chosen, pair.Rejected);
        });
        Assert.All(pairs.Where(pair => pair.Rule == "consistent"), pair =>
        {
            Assert.True(WorldChecker.Check(pair.Chosen, Rules).IsConsistent);
            Assert.False(WorldChecker.Check(pair.Rejected, Rules).IsConsistent);
        });
        Assert.All(pairs.Where(pair => pair.Rule == "near"), pair => Assert.Equal((true, false), (ListenerRules.AtTheBeginning(pair.Chosen), ListenerRules.AtTheBeginning(pair.Rejected))));
        string file = Path.Combine(_directory, "pairs.jsonl");
        JsonLines.Write(file, pairs);
        Assert.Equal(pairs.Select(pair => JsonSerializer.Serialize(pair)), JsonLines.Read<PreferenceExample>(file).Select(pair => JsonSerializer.Serialize(pair)));
        string again = Path.Combine(_directory, "new", "again.jsonl"); // a process of its own, a folder that is not there
        Assert.Equal(0, Cli.CommandLine.Run("data", "pairs", "--model", ChatModel, "--seed", "2", "--count", "4", "-o", again).ExitCode);
        Assert.Equal(File.ReadAllText(file), File.ReadAllText(again));
    }

    [Fact]
    public void Make_ModelThatTellsNoTale_SaysSoAndEnds()
    {
        string file = Path.Combine(_directory, "fresh.gguf");
        GgufExport.Save(TinyChat.Model(), "fresh", DType.F32, TinyChat.ChatMl.Write, file);
        using SampledPairs maker = new(file);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => maker.Make(seed: 1, count: 4));
        Assert.Contains("fresh.gguf: 100 requests gave 0 pairs; expected 1.", error.Message);
    }

    [Fact]
    public void Pairs_ModelWithoutChatTokens_IsRefused()
    {
        Cli.CommandLine.Result result = Cli.CommandLine.Run("data", "pairs", "--model", Path.Combine(TestData.SolutionFolder, "models", "human-tales.gguf"), "--seed", "1", "--count", "3",
            "-o", Path.Combine(_directory, "none.jsonl"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("human-tales.gguf", result.Error);
        Assert.Empty(Directory.GetFiles(_directory));
    }
}
