using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Models;

/// <summary>
/// The three tales models reach the lines that they were made for, their cards say the numbers of models.json, and a few measurements made anew agree. All of them:
/// models/measure.sh.
/// </summary>
public sealed class TalesModelsTests : IDisposable
{
    private static readonly string Folder = Path.Combine(TestData.SolutionFolder, "models");

    private readonly string _talks = Path.Combine(Path.GetTempPath(), $"llmfs-talks-{Guid.NewGuid():n}.jsonl");

    public void Dispose() => File.Delete(_talks);

    [Fact]
    public void ModelsJson_Numbers_ReachTheirLines()
    {
        foreach (string name in (string[])["tales-base", "tales-chat", "tales-chat-dpo"]) Assert.InRange(Number(name, "belowKneserNey"), 0.15, 1);
        foreach (string name in (string[])["tales-chat", "tales-chat-dpo"]) Assert.InRange(Number(name, "rightAnswers"), 0.8, 1);
        Assert.InRange(Number("tales-chat-dpo", "winRate"), 0.75, 1);
        Assert.InRange(Number("tales-chat-dpo", "lengthRatio"), 0.8, 1.2);
        Assert.InRange(Number("tales-chat-dpo", "consistentTales"), Number("tales-chat", "consistentTales"), 1);
    }

    [Fact]
    public void Cards_Numbers_AreThoseOfModelsJson()
    {
        string card = File.ReadAllText(Path.Combine(Folder, "tales-chat-dpo.md"));
        Assert.Contains($"| all | {Percent("tales-chat", "rightAnswers")} | {Percent("tales-chat-dpo", "rightAnswers")} |", card);
        Assert.Contains($"| consistent tales | {Tales("tales-chat", 2000)} of 2,000 | {Tales("tales-chat-dpo", 2000)} of 2,000 |", card);
        Assert.Contains($"{Percent("tales-chat-dpo", "winRate")} of those that the rules tell apart", card);
        Assert.Contains($"| all | {Percent("tales-chat", "rightAnswers")} | {Percent("tales-chat-dpo", "rightAnswers")} |", File.ReadAllText(Path.Combine(Folder, "tales-chat.md")));
        Assert.Contains($"in turn: {Percent("tales-chat", "belowKneserNey")} and {Percent("tales-chat-dpo", "belowKneserNey")} below the 5-gram", card);
        string parent = File.ReadAllText(Path.Combine(Folder, "tales-base.md"));
        Assert.Contains($"Consistent tales: {Tales("tales-base", 150)} of 150", parent);
        Assert.Contains($"| {Number("tales-base", "belowKneserNey") * 100:f0} % |", parent);
    }

    [Theory, InlineData("tales-chat"), InlineData("tales-chat-dpo")]
    public void Eval_QuestionsAboutWorldsThatItDidNotSee_AreAnsweredRight(string name)
    {
        Assert.Equal("", Cli.CommandLine.Run("data", "make", "conversations", "--seed", "555", "--size", "24KB", "--split", "HeldOutCombinations", "-o", _talks).Error);
        Cli.CommandLine.Result result = Cli.CommandLine.Run("eval", "--model", Path.Combine(Folder, name + ".gguf"), "--conversations", _talks, "--samples", "0", "--json");
        JsonElement answers = JsonDocument.Parse(result.Output).RootElement.GetProperty("answers");
        Assert.InRange(answers.GetProperty("asked").GetInt32(), 40, 200);
        Assert.InRange((double)answers.GetProperty("right").GetInt32() / answers.GetProperty("asked").GetInt32(), 0.8, 1);
    }

    [Fact]
    public void Perplexity_TalesThatTheBaseModelDidNotRead_AreForetoldAsTheCardSays()
    {
        using LanguageModel model = LanguageModel.Load(Path.Combine(Folder, "tales-base.gguf"));
        TinyTalesGenerator tales = new(seed: 77);
        double nats = 0;
        long bytes = 0;
        for (int i = 0; i < 12; i++)
        {
            PerplexityResult tale = Perplexity.Measure(model, System.Text.Encoding.UTF8.GetBytes(tales.NextStory()), window: 512, stride: 511);
            (nats, bytes) = (nats + tale.Nats, bytes + tale.ByteCount);
        }
        double expected = Entry("tales-base").GetProperty("heldOutBitsPerByte").GetProperty("newTales").GetDouble();
        Assert.InRange(nats / Math.Log(2) / bytes, expected * 0.7, expected * 1.3); // twelve tales of the three hundred
    }

    private static string Tales(string name, int count) => FormattableString.Invariant($"{Math.Round(Number(name, "consistentTales") * count):n0}");

    private static string Percent(string name, string field) => FormattableString.Invariant($"{Number(name, field) * 100:f1} %");

    private static double Number(string name, string field) => Entry(name).GetProperty(field).GetDouble();

    private static JsonElement Entry(string name)
    {
        using JsonDocument models = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "models.json")));
        return models.RootElement.EnumerateArray().Single(model => model.GetProperty("name").GetString() == name).Clone();
    }
}
