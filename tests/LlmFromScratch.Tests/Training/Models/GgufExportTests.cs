using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Models;

public sealed class GgufExportTests : IDisposable
{
    private static readonly ModelConfig Config = new()
    {
        Architecture = "llama", VocabSize = 64, ContextLength = 32, EmbeddingSize = 32, LayerCount = 2, HeadCount = 4, KvHeadCount = 2, HeadSize = 8,
        FeedForwardSize = 64, TiedHead = true, NormEpsilon = 1e-6f, Rope = new RopeConfig { Base = 5000 },
    };

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "model.gguf");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true); // a file's folder is not null

    [Fact]
    public void Save_F32_KeepsEveryWeightAndSize()
    {
        DecoderModel model = new(Config, seed: 1);
        GgufExport.Save(model, "tiny", DType.F32, writer => writer.Add("tokenizer.ggml.model", "none"), _path);
        using GgufFile file = GgufFile.Open(_path);
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
        Assert.Equal(Config, ModelConfigLoader.Load(file));
        Assert.Equal(8, file.Metadata.GetInt32("llama.rope.dimension_count"));
        Assert.False(file.Contains("output.weight")); // the head is tied
        Assert.Equal(model.Parameters.Count, file.Tensors.Count);
        foreach (var parameter in model.Parameters) Assert.Equal(parameter.Data.ToArray(), file.GetTensor(parameter.Name).Floats.ToArray());
    }

    [Fact]
    public void Save_Q8_0_QuantizesMatricesAndKeepsNorms()
    {
        GgufExport.Save(new DecoderModel(Config with { TiedHead = false }, seed: 1), "tiny", DType.Q8_0, _ => { }, _path);
        using GgufFile file = GgufFile.Open(_path);
        Assert.Equal(DType.Q8_0, file.GetTensor("output.weight").DType);
        Assert.Equal(DType.Q8_0, file.GetTensor("blk.1.ffn_down.weight").DType);
        Assert.Equal(DType.F32, file.GetTensor("blk.1.ffn_norm.weight").DType);
    }
}
