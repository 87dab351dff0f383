using System.Text.Json;

namespace LlmFromScratch.Tests.Cli;

public class GenerateCommandTests
{
    [Fact]
    public void Generate_NoModelGiven_ContinuesThePromptWithTheEmbeddedOne()
    {
        CommandLine.Result result = CommandLine.Run("generate", "Once upon a time", "--max-tokens", "40", "--seed", "3");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("Once upon a time", result.Output);
        Assert.True(result.Output.Split(' ').Length > 15, result.Output);
    }

    [Fact]
    public void Generate_Json_IsOneLineWithTheContractsFields()
    {
        CommandLine.Result result = CommandLine.Run("generate", "--prompt", "Once upon a time", "--max-tokens", "12", "--temperature", "0", "--ignore-eos", "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.Output.TrimEnd('\n').Split('\n'));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal(12, json.RootElement.GetProperty("ids").GetArrayLength());
        Assert.True(json.RootElement.GetProperty("promptIds").GetArrayLength() > 0);
        Assert.Equal("length", json.RootElement.GetProperty("finishReason").GetString());
        Assert.True(json.RootElement.GetProperty("timings").GetProperty("prefillMs").GetDouble() > 0);
        Assert.Equal(11, json.RootElement.GetProperty("timings").GetProperty("decodeSteps").GetInt32());
    }

    [Fact]
    public void Generate_SameSeed_SameTextAtAnyThreadCount()
    {
        string one = CommandLine.Run("generate", "There was", "--max-tokens", "30", "--seed", "5", "--threads", "1").Output;
        string two = CommandLine.Run("generate", "There was", "--max-tokens", "30", "--seed", "5", "--threads", "2").Output;
        Assert.Equal(one, two);
    }

    // The switches are .NET's own: each machine below runs as if its processor lacked the instructions, with other vector widths.
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Generate_NarrowerVectors_SameText(string instructionSet)
    {
        string[] arguments = ["generate", "Once upon a time", "--max-tokens", "24", "--seed", "8", "--json"];
        using JsonDocument expected = JsonDocument.Parse(CommandLine.Run(arguments).Output);
        using JsonDocument actual = JsonDocument.Parse(CommandLine.Run("", arguments, (instructionSet, "0")).Output);
        Assert.Equal(expected.RootElement.GetProperty("text").GetString(), actual.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void Generate_ReferenceBackend_SaysTheSameGreedily()
    {
        string[] common = ["generate", "Long ago, in a deep green forest", "--max-tokens", "16", "--temperature", "0"];
        Assert.Equal(CommandLine.Run(common).Output, CommandLine.Run([.. common, "--backend", "reference"]).Output);
    }

    [Fact]
    public void Generate_PromptIds_ContinueTheSameText()
    {
        string[] dials = ["--max-tokens", "10", "--temperature", "0", "--json"];
        using JsonDocument text = JsonDocument.Parse(CommandLine.Run(["generate", "One day", .. dials]).Output);
        string ids = string.Join(',', text.RootElement.GetProperty("promptIds").EnumerateArray());
        using JsonDocument fromIds = JsonDocument.Parse(CommandLine.Run(["generate", "--prompt-ids", ids, .. dials]).Output);
        Assert.Equal(text.RootElement.GetProperty("text").GetString(), fromIds.RootElement.GetProperty("text").GetString());
    }

    [SharedDataTheory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Generate_PublishedCheckpoint_HasTheGoldenIds(string backend)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("stories260K", "stories260K-greedy-kvf32.json")));
        CommandLine.Result result = CommandLine.Run("generate", "--model", TestData.PathOf("stories260K", "stories260K.gguf"), "--prompt",
            "Once upon a time", "--temperature", "0", "--max-tokens", "200", "--backend", backend, "--json");
        using JsonDocument actual = JsonDocument.Parse(result.Output);
        Assert.Equal(golden.RootElement.GetProperty("ids").EnumerateArray().Take(200).Select(id => id.GetInt32()),
            actual.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()));
    }

    [Theory]
    [InlineData("give one prompt", "generate")]
    [InlineData("give one prompt", "generate", "a", "--prompt", "b")]
    [InlineData("missing.gguf", "generate", "a", "--model", "missing.gguf")]
    [InlineData("README.md", "generate", "a", "--model", "README.md")]
    [InlineData("--max-tokens -1", "generate", "a", "--max-tokens", "-1")]
    [InlineData("Temperature", "generate", "a", "--temperature", "-1")]
    [InlineData("Top-p", "generate", "a", "--top-p", "0")]
    [InlineData("'x' is no token id", "generate", "--prompt-ids", "1,x")]
    [InlineData("token ids of 0 to", "generate", "--prompt-ids", "999999")]
    [InlineData("--nonsense", "generate", "a", "--nonsense")]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("tpu", "generate", "a", "--backend", "tpu")]
    public void WrongInput_OneLineOnStandardError_ExitCodeTwo(string expected, params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Equal("", result.Output);
    }
}
