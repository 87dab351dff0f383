using System.Text.Json;

namespace LlmFromScratch.Tests.Cli;

/// <summary>What <c>llmfs train</c> and its kin say of a wrong recipe before they work, and that no run is lost by a forgotten option.</summary>
public sealed class RecipeCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("soon", "--until")]
    [InlineData("0", "--until 0: expected a step, 1 or more")]
    public void Train_UntilNoStep_IsRefused(string until, string expected)
    {
        CommandLine.Result result = CommandLine.Run("train", "--config", Recipe("until"), "--until", until);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error);
    }

    [Theory]
    [InlineData("\"steps\": 4", "\"steps\": \"four\"", "steps: expected a whole number of at most 2147483647, line ")]
    [InlineData("\"name\": \"again\"", "\"name\": null", "name: expected")]
    [InlineData("\"name\": \"again\"", "\"name\": \"\"", "name: expected a name, got nothing")]
    [InlineData("\"embeddingSize\"", "\"steps\"", "model.steps: no field of this kind of recipe has that name.")]
    [InlineData("\"steps\": 4,", "", "steps: missing")]
    [InlineData("\"steps\": 4", "\"stepz\": 4", "stepz: no field of this kind of recipe")]
    [InlineData("\"vocabSize\": 264,", "\"vocabSize\": 264, \"parent\": \"a.gguf\",", "parent: no field of this kind of recipe has that name; one that has it is for llmfs sft")]
    [InlineData("\"exportType\": \"F32\"", "\"exportType\": \"Q4_0\"", "exportType: Q4_0 stores blocks of 32 values")]
    [InlineData("\"steps\": 4", "\"steps\": 4, \"weightType\": \"Q4_0\"", "again: weightType: Q4_0 stores blocks of 32 values, but the rows of token_embd.weight have 16")]
    [InlineData("\"embeddingSize\": 16,", "", "wrong.json: model.embeddingSize: missing")]
    [InlineData("\"again\",", ",", "no JSON: ")]
    [InlineData("\"headSize\": 8", "\"headSize\": 7", "wrong.json: model: ModelConfig: HeadSize 7 is odd")]
    public void Train_WrongRecipe_NamesTheFieldBeforeTheFirstStep(string part, string wrong, string expected)
    {
        string recipe = Recipe("wrong");
        string text = File.ReadAllText(recipe);
        int at = text.IndexOf(part, StringComparison.Ordinal);
        File.WriteAllText(recipe, text[..at] + wrong + text[(at + part.Length)..]);
        CommandLine.Result result = CommandLine.Run("train", "--config", recipe);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error);
        Assert.DoesNotContain("System.", result.Error);
        Assert.DoesNotContain("steps 0 to", result.Output);
    }

    [Fact]
    public void Sft_ParentThatIsNotThere_NamesTheField()
    {
        string recipe = Path.Combine(_directory, "sft.json");
        File.WriteAllText(recipe, """{ "name": "child", "runDirectory": "RUN", "parent": "nowhere/parent.gguf", "examples": "talks.jsonl", "batchSize": 1, "sequenceLength": 8, "steps": 1, "learningRate": 1 }"""
            .Replace("\"RUN\"", JsonSerializer.Serialize(Path.Combine(_directory, "run"))));
        CommandLine.Result result = CommandLine.Run("sft", "--config", recipe);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("parent: expected a file, there is none at nowhere/parent.gguf", result.Error);
    }

    [Fact]
    public void Train_FolderOfAnEarlierRun_IsOverwrittenOnlyByRestart()
    {
        string recipe = Recipe("again"), checkpoint = Path.Combine(_directory, "again", "checkpoint.bin"), file = Path.Combine(_directory, "made", "again.gguf");
        Assert.Equal(0, CommandLine.Run("train", "--config", recipe, "--until", "3").ExitCode);
        byte[] kept = File.ReadAllBytes(checkpoint);
        Assert.Contains("expected --resume or --restart, got both", CommandLine.Run("train", "--config", recipe, "--resume", "--restart").Error);
        CommandLine.Result refused = CommandLine.Run("train", "--config", recipe);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--resume goes on from it, --restart throws it away", refused.Error);
        Assert.Equal(kept, File.ReadAllBytes(checkpoint));
        Assert.False(File.Exists(file));
        CommandLine.Result restarted = CommandLine.Run("train", "--config", recipe, "--restart");
        Assert.True(restarted.ExitCode == 0, restarted.Error);
        Assert.Contains("steps 0 to 4", restarted.Output);
        Assert.True(File.Exists(file)); // in a folder that was not there
    }

    [Fact]
    public void Train_RestartedRunThatDiedBeforeItsFirstCheckpoint_DoesNotGoOnAsTheOneBefore()
    {
        string recipe = Recipe("twice"), checkpoint = Path.Combine(_directory, "twice", "checkpoint.bin"), text = File.ReadAllText(recipe);
        Assert.Equal(0, CommandLine.Run("train", "--config", recipe, "--until", "3").ExitCode);
        File.WriteAllText(recipe, text.Replace("\"learningRate\": 0.01", "\"learningRate\": 1e30"));
        CommandLine.Result died = CommandLine.Run("train", "--config", recipe, "--restart");
        Assert.Equal(1, died.ExitCode);
        Assert.Contains("There is no checkpoint yet. Is the learning rate", died.Error);
        Assert.DoesNotContain("Exception", died.Error);
        Assert.False(File.Exists(checkpoint));
        File.WriteAllText(recipe, text);
        Assert.Contains("steps 0 to 4", CommandLine.Run("train", "--config", recipe, "--resume").Output);
    }

    [Theory]
    [InlineData("\"weightType\": \"BF16\"")]
    [InlineData("\"optimizer\": \"adam\"")]
    [InlineData("\"beta2\": 0.5")]
    [InlineData("\"clipNorm\": 2")]
    public void Train_ResumedWithAnotherOptimizer_IsRefused(string changed)
    {
        string recipe = Recipe("changed");
        Assert.Equal(0, CommandLine.Run("train", "--config", recipe, "--until", "2").ExitCode);
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("\"steps\": 4", changed + ", \"steps\": 4"));
        CommandLine.Result refused = CommandLine.Run("train", "--config", recipe, "--resume");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("checkpoint.bin: config: expected", refused.Error);
    }

    private string Recipe(string name)
    {
        string corpus = Path.Combine(_directory, "corpus.txt"), path = Path.Combine(_directory, name + ".json");
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat("one two three four five six\n<|endoftext|>\n", 40)));
        File.WriteAllText(path, $$"""
            {
              "name": "again", "runDirectory": {{JsonSerializer.Serialize(Path.Combine(_directory, name))}}, "corpus": { "file": {{JsonSerializer.Serialize(corpus)}} }, "vocabSize": 264,
              "model": { "embeddingSize": 16, "layerCount": 1, "headCount": 2, "kvHeadCount": 1, "headSize": 8, "feedForwardSize": 24, "contextLength": 32 },
              "batchSize": 4, "sequenceLength": 16, "steps": 4, "learningRate": 0.01, "warmupSteps": 1, "heldOutShare": 0.1, "threads": 1,
              "exportFile": {{JsonSerializer.Serialize(Path.Combine(_directory, "made", name + ".gguf"))}}, "exportType": "F32"
            }
            """);
        return path;
    }
}
