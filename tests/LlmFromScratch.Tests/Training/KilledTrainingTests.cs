using System.Diagnostics;
using System.Text.Json;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Tests.Training;

/// <summary>
/// A training process is killed without warning (SIGKILL) twenty times, or stopped by Ctrl-C (SIGINT), and resumed each time: at the end every loss has the bits of an
/// uninterrupted run.
/// </summary>
public sealed class KilledTrainingTests : IDisposable
{
    private const int Kills = 20, MostLines = 14, MostMicroseconds = 3000;

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Train_KilledAtRandomMomentsAndResumed_EndsWithTheLossesOfOneRun()
    {
        string corpus = Path.Combine(_directory, "corpus.txt");
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat("one two three four five six\n<|endoftext|>\n", 40)));
        string whole = WriteRecipe("whole", corpus, steps: 6 * Kills), killed = WriteRecipe("killed", corpus, steps: 6 * Kills);
        Assert.Equal("", Cli.CommandLine.Run("train", "--config", whole).Error);
        SeededRandom random = new(9);
        for (int kill = 0; kill < Kills; kill++) RunAndKill(killed, random.NextInt(MostLines), random.NextInt(MostMicroseconds));
        Cli.CommandLine.Result last = Cli.CommandLine.Run("train", "--config", killed, "--resume");
        Assert.Equal((0, ""), (last.ExitCode, last.Error));
        Assert.Equal(Losses("whole"), Losses("killed"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_directory, "whole.gguf")), File.ReadAllBytes(Path.Combine(_directory, "killed.gguf")));
    }

    [Fact]
    public void Train_CtrlC_SavesExitsWithZeroAndGoesOnWhereItStopped()
    {
        string corpus = Path.Combine(_directory, "corpus.txt");
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat("one two three four five six\n<|endoftext|>\n", 40)));
        string whole = WriteRecipe("whole", corpus, steps: 400), stopped = WriteRecipe("stopped", corpus, steps: 400);
        Assert.Equal("", Cli.CommandLine.Run("train", "--config", whole).Error);
        string log = RunAndInterrupt(stopped, "step 3/");
        Assert.Contains("stopped after step ", log);
        Assert.InRange(Losses("stopped").Length, 3, 399); // not to the end
        Assert.Matches(@"step 3/400  loss [\d.]+  rate [\d.e-]+  [\d,]+ tokens/s  ETA \d\d:\d\d:\d\d", log);
        Assert.Matches(@"memory: weights, gradients and optimizer [\d.]+ MB, activations [\d.]+ MB.* at its peak the process will hold [\d,]+ MB", log);
        Assert.Equal(0, Cli.CommandLine.Run("train", "--config", stopped, "--resume").ExitCode);
        Assert.Equal(Losses("whole"), Losses("stopped"));
    }

    [Fact]
    public void Train_CtrlCWhileTheCorpusIsMade_ExitsWithZeroAndLeavesNothingHalf()
    {
        string recipe = WriteRecipe("making", "corpus.txt", steps: 2), making = Path.Combine(_directory, "making");
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("\"file\": \"corpus.txt\"", "\"generator\": \"tiny-tales\", \"seed\": 1, \"bytes\": 2000000000"));
        Assert.Contains("stopped before the first step", RunAndInterrupt(recipe, "writing 2,000,000,000 bytes"));
        Assert.Empty(Directory.Exists(making) ? Directory.GetFiles(making) : []);
    }

    // Stops a run as Ctrl-C does as soon as its log has these words; returns the log.
    private static string RunAndInterrupt(string recipe, string words)
    {
        string log = "";
        using Process process = Start(recipe);
        while (!log.Contains(words) && process.StandardOutput.ReadLine() is string line) log += line + "\n";
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        log += process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, log);
        return log;
    }

    // Kills after so many lines of the log and a moment more: in the middle of a step, of a checkpoint, of the metrics, or before there are any.
    private static void RunAndKill(string recipe, int lines, int microseconds)
    {
        using Process process = Start(recipe);
        for (int line = 0; line < lines && process.StandardOutput.ReadLine() is not null; line++) { }
        long from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from).TotalMicroseconds < microseconds) Thread.SpinWait(10);
        process.Kill(); // SIGKILL: nothing in the process can answer it
        process.WaitForExit();
    }

    private static Process Start(string recipe)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, WorkingDirectory = TestData.SolutionFolder };
        foreach (string argument in (ReadOnlySpan<string>)[Path.Combine(AppContext.BaseDirectory, "llmfs.dll"), "train", "--config", recipe, "--resume"])
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    private string WriteRecipe(string name, string corpus, int steps)
    {
        string path = Path.Combine(_directory, name + ".json");
        File.WriteAllText(path, $$"""
            {
              "name": "numbers", "runDirectory": {{Json(Path.Combine(_directory, name))}}, "corpus": { "file": {{Json(corpus)}} }, "vocabSize": 264,
              "model": {
                "embeddingSize": 16, "layerCount": 1, "headCount": 2, "kvHeadCount": 1, "headSize": 8, "feedForwardSize": 24, "contextLength": 32
              },
              "batchSize": 4, "sequenceLength": 16, "steps": {{steps}}, "learningRate": 0.01, "warmupSteps": 4, "evaluateEvery": 5, "checkpointEvery": 2,
              "logEvery": 1, "threads": 1, "heldOutShare": 0.1, "exportFile": {{Json(Path.Combine(_directory, name + ".gguf"))}}, "exportType": "F32"
            }
            """);
        return path;
    }

    private string[] Losses(string name) => [.. File.ReadLines(Path.Combine(_directory, name, "metrics.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("loss", out _))
        .Select(line => $"{line.GetProperty("step")}: {line.GetProperty("loss")}")];

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
