using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tests.Models.HuggingFace;

namespace LlmFromScratch.Tests.Cli;

public sealed class InspectCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-inspect-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Inspect_EmbeddedModel_CountsParametersTypesAndMemory()
    {
        using GgufFile file = GgufFile.Open(EmbeddedModel.Path);
        ModelConfig config = ModelConfigLoader.Load(file);
        using JsonDocument json = Json("inspect", EmbeddedModel.Path, "--json", "--ctx", "100");
        JsonElement root = json.RootElement;
        Assert.Equal("GGUF version 3", root.GetProperty("format").GetString());
        Assert.Equal("llama", root.GetProperty("metadata").GetProperty("general.architecture").GetString());
        Assert.Equal(config.ParameterCount, root.GetProperty("parameters").GetInt64());
        Assert.Equal(file.Tensors.Count, root.GetProperty("types").EnumerateObject().Sum(type => type.Value.GetProperty("tensors").GetInt32()));
        JsonElement memory = root.GetProperty("memory");
        Assert.Equal((100, file.Tensors.Sum(tensor => tensor.ByteLength)), (memory.GetProperty("contextLength").GetInt32(), memory.GetProperty("weightBytes").GetInt64()));
        // Keys and values, 4 bytes each, for 112 tokens: 100 rounded up to blocks of 16.
        Assert.Equal(2L * 4 * 112 * config.LayerCount * config.KvHeadCount * config.HeadSize, memory.GetProperty("cacheBytes").GetProperty("f32").GetInt64());
        Assert.True(root.GetProperty("runs").GetBoolean());
    }

    [Fact]
    public void Inspect_Text_HasAllSections()
    {
        string output = CommandLine.Run("inspect", EmbeddedModel.Path).Output;
        foreach (string expected in (string[])["token_embd.weight", "Metadata (", "Storage", "Q8_0", "Memory at a context of", "key/value cache", "as q8_0"])
            Assert.Contains(expected, output);
    }

    [Fact]
    public void Inspect_HuggingFaceFolder_HasConfigTensorsAndMemory()
    {
        using GgufFile gguf = GgufFile.Open(Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures", "llama-moe.gguf"));
        HuggingFaceLayout.Save(gguf, _folder);
        using JsonDocument json = Json("inspect", _folder, "--json");
        Assert.Equal("mixtral", json.RootElement.GetProperty("metadata").GetProperty("model_type").GetString());
        Assert.Equal(ModelConfigLoader.Load(gguf).ParameterCount, json.RootElement.GetProperty("parameters").GetInt64());
        Assert.Equal(512, json.RootElement.GetProperty("memory").GetProperty("contextLength").GetInt32());
    }

    [Fact]
    public void Inspect_SafeTensorsFile_ListsItsTensorsAndSaysWhatIsMissingToRunIt()
    {
        string path = Path.Combine(_folder, "w.safetensors");
        new SafeTensorsWriter().Add("format", "pt").Add("w", Tensor.FromFloats([1, 2, 3, 4, 5, 6], 2, 3)).Save(path);
        using JsonDocument json = Json("inspect", path, "--json");
        JsonElement tensor = Assert.Single(json.RootElement.GetProperty("tensors").EnumerateArray());
        Assert.Equal(("w", "F32", "[2,3]"), (tensor.GetProperty("name").GetString(), tensor.GetProperty("type").GetString(), tensor.GetProperty("shape").GetRawText()));
        Assert.False(json.RootElement.GetProperty("runs").GetBoolean());
        Assert.Contains("Not a model that llmfs runs: one safetensors file", CommandLine.Run("inspect", path).Output);
    }

    [SharedDataFact]
    public void Inspect_Llama2c_HasTheNamesOfItsTensors()
    {
        using JsonDocument json = Json("inspect", TestData.PathOf("stories260K", "stories260K.bin"), "--json");
        Assert.Equal(260_032, json.RootElement.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Inspect_ControlCharactersAndNaN_ReachNoTerminalAndBreakNoJson()
    {
        using TemporaryFile file = new(GgufFileTests.Bytes(new GgufWriter().Add("general.name", "red\u001b[31m\r\u202Eder").Add("x\u0007", float.NaN).Add("y", double.PositiveInfinity)));
        CommandLine.Result text = CommandLine.Run("inspect", file.Path);
        Assert.Equal(0, text.ExitCode);
        Assert.DoesNotContain(text.Output, c => c is '\u001b' or '\u0007' or '\r' or '\u202E');
        Assert.Contains("general.name = red\\u001B[31m\\u000D\\u202Eder", text.Output);
        using JsonDocument json = Json("inspect", file.Path, "--json");
        Assert.Equal("NaN", json.RootElement.GetProperty("metadata").GetProperty("x\u0007").GetString());
    }

    private static JsonDocument Json(params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Single(result.Output.TrimEnd('\n').Split('\n'));
        return JsonDocument.Parse(result.Output);
    }
}
