using System.Text.Json;

namespace LlmFromScratch.Tests.Cli;

public class OtherCommandTests
{
    [Fact]
    public void Tokenize_Pieces_JoinToTheText()
    {
        using JsonDocument json = JsonDocument.Parse(CommandLine.Run("tokenize", "--text", "The little dog ran home.", "--json").Output);
        string joined = string.Concat(json.RootElement.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()));
        Assert.Equal("The little dog ran home.", joined);
        string ids = CommandLine.Run("tokenize", "--text", "The little dog ran home.", "--ids").Output.TrimEnd('\n');
        Assert.Equal(string.Join(' ', json.RootElement.GetProperty("ids").EnumerateArray()), ids);
    }

    [Fact]
    public void Bench_Json_HasBothPhases()
    {
        using JsonDocument json = JsonDocument.Parse(CommandLine.Run("bench", "--prompt-tokens", "8", "--generate-tokens", "4", "--json").Output);
        Assert.True(json.RootElement.GetProperty("prefillTokensPerSecond").GetDouble() > 0);
        Assert.True(json.RootElement.GetProperty("decodeTokensPerSecond").GetDouble() > 0);
        Assert.Equal("q8", json.RootElement.GetProperty("activations").GetString());
        Assert.True(json.RootElement.GetProperty("residentBytes").GetInt64() > 1_000_000);
    }

    [Fact]
    public void Chat_LinesFromAPipe_AreContinuedInTurns()
    {
        CommandLine.Result result = CommandLine.Run("Once upon a time\n/stats\n/reset\n/stats\n/nonsense\n/quit\n", ["chat", "--max-tokens", "8", "--seed", "2"]);
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.Split('\n').Where(line => line.Contains("tokens in context")).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("0 of", lines[1]);
        Assert.Contains("/nonsense is no command", result.Error);
    }

    [Fact]
    public void DataThenTrain_SmallRecipe_GivesAModelThatGenerates()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("llmfs-train-");
        try
        {
            string corpus = Path.Combine(folder.FullName, "tales.txt"), model = Path.Combine(folder.FullName, "tiny.gguf"), recipe = Path.Combine(folder.FullName, "recipe.json");
            CommandLine.Result made = CommandLine.Run("data", "make", "tiny-tales", "--seed", "2", "--size", "60KB", "--output", corpus);
            Assert.Equal(0, made.ExitCode);
            File.WriteAllText(recipe, $$"""
                {
                  "name": "tiny", "runDirectory": {{JsonSerializer.Serialize(Path.Combine(folder.FullName, "run"))}},
                  "corpus": { "file": {{JsonSerializer.Serialize(corpus)}} }, "vocabSize": 300,
                  "model": { "embeddingSize": 32, "layerCount": 1, "headCount": 2, "kvHeadCount": 1, "headSize": 16, "feedForwardSize": 64,
                             "contextLength": 64, "tiedHead": true },
                  "batchSize": 4, "sequenceLength": 32, "steps": 12, "learningRate": 0.003, "finalLearningRate": 0.0003, "warmupSteps": 2,
                  "weightDecay": 0.1, "clipNorm": 1, "seed": 1, "heldOutShare": 0.05, "logEvery": 4, "evaluateEvery": 6, "evaluateBatches": 1,
                  "checkpointEvery": 6, "exportFile": {{JsonSerializer.Serialize(model)}}, "exportType": "Q8_0"
                }
                """);
            CommandLine.Result trained = CommandLine.Run("train", "--config", recipe);
            Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
            Assert.Equal(0, CommandLine.Run("generate", "Once", "--model", model, "--max-tokens", "5").ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("either --text or --file", "tokenize")]
    [InlineData("missing.gguf", "inspect", "missing.gguf")]
    [InlineData("exceed this model's context", "bench", "--prompt-tokens", "100000")]
    [InlineData("--size ten", "data", "make", "tiny-tales", "--size", "ten")]
    [InlineData("missing.json", "train", "--config", "missing.json")]
    [InlineData("missing.ipynb", "notebook", "run", "missing.ipynb")]
    public void WrongInput_OneLineOnStandardError_ExitCodeTwo(string expected, params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(arguments);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(2, result.ExitCode);
    }
}
