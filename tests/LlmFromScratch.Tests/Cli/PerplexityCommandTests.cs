using System.Text.Json;

namespace LlmFromScratch.Tests.Cli;

public class PerplexityCommandTests
{
    [SharedDataFact]
    public void Json_PublishedCheckpoint_HasTheGoldenNats()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("nll", "nll.json")));
        JsonElement expected = golden.RootElement.GetProperty("results")[0];
        string text = TestData.PathOf("nll", expected.GetProperty("text").GetString() ?? "");
        CommandLine.Result result = CommandLine.Run("perplexity", "--model", TestData.PathOf("stories260K", expected.GetProperty("model").GetString() ?? ""),
            "--file", text, "--window", "128", "--stride", "127", "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Single(result.Output.TrimEnd('\n').Split('\n'));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal(expected.GetProperty("n_tokens").GetInt32(), json.RootElement.GetProperty("tokens").GetInt32());
        Assert.Equal(expected.GetProperty("nll_mean").GetDouble(), json.RootElement.GetProperty("natsPerToken").GetDouble(), 1e-4);
        double bits = expected.GetProperty("nll_sum").GetDouble() / Math.Log(2) / new FileInfo(text).Length;
        Assert.Equal(bits, json.RootElement.GetProperty("bitsPerByte").GetDouble(), 1e-4);
    }

    [Fact]
    public void Text_OneLineWithBothUnits_ForAnyBytes()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [.. "Once upon a time "u8, 0, 255, 254, 13, 10]); // no UTF-8, and yet a text of 22 bytes
            CommandLine.Result result = CommandLine.Run("perplexity", "--file", file);
            Assert.Equal((0, ""), (result.ExitCode, result.Error)); // no progress where nobody watches
            Assert.Matches(@"^[\d.]+ nats/token \(perplexity [\d.]+\), [\d.]+ bits/byte, \d+ tokens, 22 bytes\n$", result.Output);
            File.WriteAllBytes(file, []);
            CommandLine.Result empty = CommandLine.Run("perplexity", "--file", file);
            Assert.Equal((2, "llmfs: Perplexity: the text has no tokens; expected at least one.\n"), (empty.ExitCode, empty.Error));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--file", "perplexity")]
    [InlineData("missing.txt", "perplexity", "--file", "missing.txt")]
    [InlineData("expected a window of 2 to 512", "perplexity", "--file", "README.md", "--window", "513")]
    [InlineData("expected a stride of 1 to 15", "perplexity", "--file", "README.md", "--window", "16", "--stride", "16")]
    public void WrongInput_OneLineOnStandardError_ExitCodeTwo(string expected, params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(arguments);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
    }
}
