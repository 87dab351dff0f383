using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Tests.Training.Configuration;

public class RecipeTests
{
    public static TheoryData<string> Files() => [.. Directory.GetFiles(Path.Combine(TestData.SolutionFolder, "models", "recipes"), "*.json").Select(file => Path.GetFileName(file)!)];

    [Theory, MemberData(nameof(Files))]
    public void Recipe_EveryFile_IsReadByItsCommand(string file)
    {
        string path = Path.Combine(TestData.SolutionFolder, "models", "recipes", file);
        RunConfig config = file switch
        {
            "tales-chat.json" or "tales-chat-q4.json" => ConfigFile.Load<SftConfig>(path),
            "tales-chat-dpo.json" => ConfigFile.Load<DpoConfig>(path),
            "tales-reward.json" => ConfigFile.Load<RewardConfig>(path),
            "tales-ppo.json" => ConfigFile.Load<PpoConfig>(path),
            _ => ConfigFile.Load<TrainingConfig>(path),
        };
        Assert.Equal(Path.GetFileNameWithoutExtension(file), config.Name); // and so are the run's folder and the exported file
        Assert.EndsWith(config.Name, config.RunDirectory);
        Assert.EndsWith(config.Name + ".gguf", config.ExportFile);
    }
}
