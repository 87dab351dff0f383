using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmFromScratch.Tests.Training;

/// <summary>What a run says of its memory before the first step is what the process holds at its peak, for a run in which weights and activations are most of it.</summary>
public sealed class TrainingMemoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Train_Process_HoldsWhatWasPredicted()
    {
        string corpus = Path.Combine(_directory, "corpus.txt"), recipe = Path.Combine(_directory, "recipe.json");
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat("one two three four five six seven\n<|endoftext|>\n", 1500)));
        File.WriteAllText(recipe, $$"""
            {
              "name": "memory", "runDirectory": {{Json(Path.Combine(_directory, "run"))}}, "corpus": { "file": {{Json(corpus)}} }, "vocabSize": 270,
              "model": { "embeddingSize": 256, "layerCount": 3, "headCount": 8, "kvHeadCount": 8, "headSize": 32, "feedForwardSize": 1024, "contextLength": 256 },
              "batchSize": 8, "sequenceLength": 256, "steps": 1, "learningRate": 0.001, "warmupSteps": 0, "heldOutShare": 0.1, "threads": 2
            }
            """);
        Cli.CommandLine.Result result = Cli.CommandLine.Run("train", "--config", recipe);
        Assert.True(result.ExitCode == 0, result.Error);
        double predicted = Megabytes(@"at its peak the process will hold ([\d,]+) MB"), real = Megabytes(@"peak memory of the process: ([\d,]+) MB");
        Assert.InRange(predicted, 250, 700); // not the runtime alone
        Assert.InRange(real / predicted, 0.8, 1.25);

        double Megabytes(string pattern) => double.Parse(Regex.Match(result.Output, pattern).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
