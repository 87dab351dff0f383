using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Models.HuggingFace;
using LlmFromScratch.Tests.Models.HuggingFace;

namespace LlmFromScratch.Tests.Models;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_GgufFile_HasConfigTokenizerAndTensors()
    {
        using ICheckpoint checkpoint = Checkpoint.Open(EmbeddedModel.Path);
        Assert.Equal(EmbeddedModel.Path, checkpoint.Path);
        Assert.Equal(checkpoint.Config.VocabSize, checkpoint.LoadTokenizer().VocabSize);
        Assert.Equal(checkpoint.Config.VocabSize, checkpoint.FindTensor("token_embd.weight")?.Shape[0]);
        Assert.Null(checkpoint.FindTensor("absent"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    public void Open_HuggingFaceFolderOrAFileInIt_HasConfigAndTensors(string name)
    {
        using GgufFile gguf = GgufFile.Open(Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures", "gpt2.gguf"));
        HuggingFaceLayout.Save(gguf, _folder);
        using ICheckpoint checkpoint = Checkpoint.Open(Path.Combine(_folder, name));
        Assert.IsType<HuggingFaceModel>(checkpoint);
        Assert.Equal(ModelConfigLoader.Load(gguf), checkpoint.Config);
        Assert.Equal(gguf.GetTensor("blk.1.ffn_up.weight").Floats.ToArray(), checkpoint.FindTensor("blk.1.ffn_up.weight")?.Floats.ToArray());
    }

    [Fact]
    public void LoadTokenizer_HuggingFaceFolder_SaysWhatIsSupported()
    {
        using (GgufFile gguf = GgufFile.Open(Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures", "gpt2.gguf")))
            HuggingFaceLayout.Save(gguf, _folder);
        using ICheckpoint checkpoint = Checkpoint.Open(_folder);
        Assert.Contains("supported: those in GGUF files", Assert.Throws<NotSupportedException>(checkpoint.LoadTokenizer).Message);
    }
}
