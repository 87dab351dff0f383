using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Cli;

/// <summary>Whatever a model file holds, a command ends with exit code 2, one line that names the file, and no stack trace.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-hostile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("inspect", "{file}")]
    [InlineData("generate", "a", "--model", "{file}")]
    [InlineData("chat", "--model", "{file}")]
    [InlineData("tokenize", "--text", "a", "--model", "{file}")]
    [InlineData("bench", "--model", "{file}")]
    [InlineData("quantize", "{file}", "{file}.q8", "Q8_0")]
    public void EveryCommand_FileCutOff_IsRefusedInOneLine(params string[] arguments) =>
        AssertRefused(Save("cut.gguf", File.ReadAllBytes(EmbeddedModel.Path).AsSpan(0, 5000)), "is it cut off?", arguments);

    [Fact]
    public void Inspect_EveryKindOfBadFile_IsRefusedInOneLine()
    {
        AssertRefused(Save("empty.gguf", []), "the file is empty", "inspect", "{file}");
        AssertRefused(Save("noise.gguf", [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 97))]), "magic at byte 0", "inspect", "{file}");
        AssertRefused(Save("big.safetensors", [0, 0, 0, 0, 0, 0, 0, 64, (byte)'{']), "header length at byte 0", "inspect", "{file}");
        AssertRefused(Save("half.bin", new byte[20]), "seven sizes", "inspect", "{file}");
        AssertRefused(_folder, "expected weights in model.safetensors", "inspect", "{file}");
        File.WriteAllText(Path.Combine(_folder, "config.json"), new string('[', 100_000));
        File.WriteAllBytes(Path.Combine(_folder, "model.safetensors"), [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);
        AssertRefused(_folder, "expected JSON", "inspect", "{file}");
    }

    [Fact]
    public void Generate_ModelWithTwoThousandMillionLayers_IsRefusedInOneLine()
    {
        using GgufFile file = GgufFile.Open(EmbeddedModel.Path);
        GgufWriter writer = new();
        foreach ((string key, object value) in file.Metadata) writer.Add(key, key == "llama.block_count" ? 2_000_000_000u : value);
        foreach (GgufTensorInfo tensor in file.Tensors) writer.Add(tensor.Name, file.GetTensor(tensor.Name));
        AssertRefused(Save("deep.gguf", GgufFileTests.Bytes(writer)), "llama.block_count is 2000000000", "generate", "a", "--model", "{file}");
    }

    private string Save(string name, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void AssertRefused(string path, string expected, params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run([.. arguments.Select(argument => argument.Replace("{file}", path))]);
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Equal("", result.Output);
        string line = Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith($"llmfs: {path}", line);
        Assert.Contains(expected, line);
        Assert.DoesNotContain("   at ", line);
    }
}
