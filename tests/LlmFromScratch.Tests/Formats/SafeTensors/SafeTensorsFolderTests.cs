using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Formats.SafeTensors;

public sealed class SafeTensorsFolderTests : IDisposable
{
    private const string First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";

    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_OneFile_HasItsTensors()
    {
        Save("model.safetensors", "a", 1);
        using SafeTensorsFolder folder = SafeTensorsFolder.Open(_folder);
        Assert.Equal("a", Assert.Single(folder.Tensors).Name);
        Assert.Equal([1f], folder.GetTensor("a").Floats.ToArray());
    }

    [Fact]
    public void Open_Shards_AreOneSetOfTensors()
    {
        Save(First, "a", 1);
        Save(Second, "b", 2);
        Index($$"""{ "metadata": { "total_size": 8 }, "weight_map": { "b": "{{Second}}", "a": "{{First}}" } }""");
        using SafeTensorsFolder folder = SafeTensorsFolder.Open(_folder);
        Assert.Equal(["a", "b"], folder.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2f], folder.GetTensor("b").Floats.ToArray());
        Assert.True(folder.Contains("a"));
        Assert.Contains("'c' is missing; the folder's 2 safetensors files have 2 tensors", Assert.Throws<InvalidDataException>(() => folder.GetTensor("c")).Message);
    }

    [Fact]
    public void Open_EmptyFolder_SaysWhatIsExpected() =>
        Assert.Contains("expected weights in model.safetensors or model.safetensors.index.json",
            Assert.Throws<InvalidDataException>(() => SafeTensorsFolder.Open(_folder)).Message);

    [Theory]
    [InlineData("""{"weight_map":{"a":"model-00002-of-00002.safetensors"}}""", "expected it beside the index, got no such file")]
    [InlineData("""{"weight_map":{"b":"model-00001-of-00002.safetensors"}}""", "expected it there, got 1 tensors without it")]
    [InlineData("""{"weight_map":{"a":"../model-00001-of-00002.safetensors"}}""", "weight_map 'a': expected the name of a .safetensors file beside the index")]
    [InlineData("""{"weight_map":{"a":"..\\x.safetensors"}}""", "expected the name of a .safetensors file")]
    [InlineData("""{"weight_map":{"a":7}}""", "got 7")]
    [InlineData("""{"weight_map":{}}""", "weight_map: expected an object")]
    [InlineData("""{"weight_map":[]}""", "weight_map: expected an object")]
    [InlineData("""{}""", "weight_map: expected an object")]
    [InlineData("""[]""", "expected a JSON object, got Array")]
    [InlineData("""{"weight_map":{"a":"model-00001-of-00002.safetensors"}""", "expected JSON")]
    [InlineData("""{"weight_map":{"a":"x","a":"y"}}""", "expected JSON")]
    [InlineData("""{"weight_map":{"\ud800":"x"}}""", "expected JSON")]
    [InlineData("", "expected JSON")]
    public void Open_BadIndex_NamesFileAndField(string json, string expected)
    {
        Save(First, "a", 1);
        Index(json);
        string message = Assert.Throws<InvalidDataException>(() => SafeTensorsFolder.Open(_folder)).Message;
        Assert.Contains(expected, message);
        Assert.Contains(SafeTensorsFolder.IndexFileName, message);
    }

    private void Save(string file, string tensor, float value) => new SafeTensorsWriter().Add(tensor, Tensor.FromFloats([value], 1)).Save(Path.Combine(_folder, file));

    private void Index(string json) => File.WriteAllText(Path.Combine(_folder, SafeTensorsFolder.IndexFileName), json);
}
