using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Cli;

public sealed class QuantizeCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmfs-quantize-");

    private string Result => Path.Combine(_folder.FullName, "result.gguf");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Quantize_EmbeddedModel_SaysErrorsAndSizesAndTheFileGenerates()
    {
        CommandLine.Result result = CommandLine.Run("quantize", EmbeddedModel.Path, Result, "q4_0");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("error rms", result.Output);
        Assert.Matches(@"bytes -> .*result\.gguf: [\d,]+ bytes", result.Output);
        using GgufFile file = GgufFile.Open(Result);
        Assert.Contains(file.Tensors, tensor => tensor.Type.DType == DType.Q4_0);
        Assert.Equal(0, CommandLine.Run("generate", "Once", "--model", Result, "--max-tokens", "3", "--activations", "q8").ExitCode);
    }

    [Theory]
    [InlineData("Q9_9", "there is no type 'Q9_9'; expected one of F16")]
    [InlineData("Q4_0", "damaged.gguf: ")]
    public void Quantize_WrongTypeOrDamagedFile_ExitCodeTwoAndNoFile(string type, string expected)
    {
        string damaged = Path.Combine(_folder.FullName, "damaged.gguf");
        File.WriteAllBytes(damaged, File.ReadAllBytes(EmbeddedModel.Path)[..200_000]);
        CommandLine.Result result = CommandLine.Run("quantize", type == "Q4_0" ? damaged : EmbeddedModel.Path, Result, type);
        Assert.Equal(2, result.ExitCode);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(expected, result.Error);
        Assert.False(File.Exists(Result));
    }
}
