using System.Diagnostics;
using System.Text.Json;

namespace LlmFromScratch.Tests.Cli;

/// <summary>Every option of <c>llmfs generate</c> at least once, and what a user may throw at it; few processes, each with much to look at.</summary>
public class GenerateOptionTests
{
    // Greedily the embedded model says ", there was a young princess named Greta. She lived in a quiet village."
    [Fact]
    public void Json_EveryOption_StopsAtTheStopString()
    {
        CommandLine.Result result = CommandLine.Run("generate", "--prompt", "Once upon a time", "--max-tokens", "40", "--ignore-eos", "--stop", "dragon", "--stop", "cess named Gr",
            "--ctx", "60", "--temperature", "0", "--top-k", "40", "--top-p", "0.9", "--min-p", "0.05", "--seed", "3", "--threads", "1", "--backend", "cpu",
            "--cache-type", "f16", "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Single(result.Output.TrimEnd('\n').Split('\n'));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal(["promptIds", "ids", "text", "finishReason", "timings"], json.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal(", there was a young prin", json.RootElement.GetProperty("text").GetString());
        Assert.Equal("stopString", json.RootElement.GetProperty("finishReason").GetString());
        JsonElement timings = json.RootElement.GetProperty("timings");
        Assert.All((string[])["loadMs", "prefillMs", "decodeMs"], field => Assert.True(timings.GetProperty(field).GetDouble() > 0));
        Assert.Equal(json.RootElement.GetProperty("promptIds").GetArrayLength(), timings.GetProperty("prefillTokens").GetInt32());
    }

    // No response files, no special tokens from text, nothing lost: the prompt is printed as it was given.
    [Fact]
    public void Prompt_HostileText_IsJustText()
    {
        const string hostile = "@README.md <s></s> 🙂 \u0301\u202E %s {0} 'x' \"y\" \\n";
        CommandLine.Result result = CommandLine.Run("generate", hostile, "--max-tokens", "0");
        Assert.Equal((0, "", hostile + "\n"), (result.ExitCode, result.Error, result.Output));
    }

    [Fact]
    public void Context_Full_EndsWithLength()
    {
        using JsonDocument json = JsonDocument.Parse(CommandLine.Run("generate", "--prompt-ids", "5,6,7", "--ctx", "8", "--ignore-eos", "--json").Output);
        Assert.Equal([5, 6, 7], json.RootElement.GetProperty("promptIds").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(5, json.RootElement.GetProperty("ids").GetArrayLength());
        Assert.Equal("length", json.RootElement.GetProperty("finishReason").GetString());
    }

    [Theory]
    [InlineData("the context holds 2", "--prompt", "One day a small dog", "--ctx", "2")]
    [InlineData("--ctx 0", "a", "--ctx", "0")]
    [InlineData("--stop", "a", "--stop", "")]
    [InlineData("--threads 0: expected 1 to 1024", "a", "--threads", "0")]
    [InlineData("'-1' for option '--seed'; expected a whole number of at least 0.", "a", "--seed", "-1")]
    [InlineData("'hot' for option '--temperature'; expected a number, for example 0.8.", "a", "--temperature", "hot")]
    [InlineData("Min-p: expected a number from 0 to 1, got 1.5.", "a", "--min-p", "1.5")]
    [InlineData("expected token ids of 0 to 2047, got 99999.", "--prompt-ids", "1,99999")]
    [InlineData("--cache-type 'q4_0' is not known; expected one of f32, f16, q8_0.", "a", "--cache-type", "q4_0")]
    [InlineData("Ask for a shorter context", "a", "--max-tokens", "2147483647")]
    public void WrongInput_SaysWhatWouldBeRight(string expected, params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(["generate", .. arguments]);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
    }

    [Fact]
    public void Model_ThatIsNone_IsNamedInOneLine()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("llmfs-hostile-");
        try
        {
            string truncated = Path.Combine(folder.FullName, "truncated.gguf"), noise = Path.Combine(folder.FullName, "noise.gguf");
            File.WriteAllBytes(truncated, File.ReadAllBytes(LlmFromScratch.Models.EmbeddedModel.Path)[..5000]);
            File.WriteAllBytes(noise, [.. "GGUF"u8, 3, 0, 0, 0, .. Enumerable.Repeat((byte)255, 60)]);
            foreach (string path in (string[])[truncated, noise, folder.FullName])
            {
                CommandLine.Result result = CommandLine.Run("generate", "a", "--model", path);
                Assert.Contains(path, result.Error);
                Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
                Assert.Equal((2, ""), (result.ExitCode, result.Output));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [UnixFact]
    public void Interrupted_InTheMiddle_EndsWith130AndNoTrace()
    {
        using Process process = CommandLine.Start(["generate", "Once upon a time", "--ignore-eos", "--max-tokens", "20000", "--threads", "1"]);
        char[] first = new char[16];
        Assert.True(process.StandardOutput.ReadBlock(first) > 0); // it is at work
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        Task<string> rest = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal((130, ""), (process.ExitCode, error));
        Assert.EndsWith("\n", rest.Result);
    }

    // Nothing more can be written to /dev/full: the work fails through no fault of the input.
    [UnixFact]
    public void Output_ThatCannotBeWritten_IsExitCodeOne()
    {
        using Process process = CommandLine.Start(["generate", "Once", "--max-tokens", "4", "--json"], through: ("sh", ["-c", "exec \"$0\" \"$@\" > /dev/full"]));
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("llmfs: ", error);
        Assert.Equal(1, process.ExitCode);
    }
}
