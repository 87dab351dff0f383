using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Models.HuggingFace;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tests.Models.HuggingFace;
using LlmFromScratch.Tokenization;

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
        using GgufFile gguf = GgufFile.Open(Gpt2);
        HuggingFaceLayout.Save(gguf, _folder);
        using ICheckpoint checkpoint = Checkpoint.Open(Path.Combine(_folder, name));
        Assert.IsType<HuggingFaceModel>(checkpoint);
        Assert.Equal(ModelConfigLoader.Load(gguf), checkpoint.Config);
        Assert.Equal(gguf.GetTensor("blk.1.ffn_up.weight").Floats.ToArray(), checkpoint.FindTensor("blk.1.ffn_up.weight")?.Floats.ToArray());
    }

    [Fact]
    public void LoadModel_FolderWithTokenizer_SaysWhatTheGgufSays()
    {
        using (GgufFile gguf = GgufFile.Open(Gpt2))
        {
            HuggingFaceLayout.Save(gguf, _folder);
            HuggingFaceLayout.SaveTokenizer(gguf, _folder);
        }
        using LanguageModel expected = LanguageModel.Load(Gpt2, new CpuBackend(1)), actual = LanguageModel.Load(_folder, new CpuBackend(1));
        int[] ids = expected.Tokenizer.Encode("The little dog ran home, über Stock und Stein.");
        Assert.Equal(ids, actual.Tokenizer.Encode("The little dog ran home, über Stock und Stein."));
        Assert.Equal(expected.Tokenizer.Decode(ids), actual.Tokenizer.Decode(ids));
        GenerationOptions options = new() { MaxTokens = 12, IgnoreEndOfSequence = true, Sampling = new SamplingOptions { Temperature = 0 } };
        Assert.Equal(expected.Generator.Generate(ids, options).Ids, actual.Generator.Generate(ids, options).Ids);
    }

    [Fact]
    public void LoadModel_FolderWithoutTokenizer_SaysWhatIsExpectedAndClosesItsFiles()
    {
        using (GgufFile gguf = GgufFile.Open(Gpt2)) HuggingFaceLayout.Save(gguf, _folder);
        string message = Assert.Throws<InvalidDataException>(() => LanguageModel.Load(_folder, new ReferenceBackend())).Message;
        Assert.Contains("expected a tokenizer in tokenizer.json, or in vocab.json and merges.txt, got neither", message);
        File.Open(Path.Combine(_folder, "model.safetensors"), FileMode.Open, FileAccess.Write, FileShare.None).Dispose(); // nobody holds it
    }

    [Fact]
    public void LoadChatTemplate_Folder_TakesTheFilesInTheirOrder()
    {
        using (GgufFile gguf = GgufFile.Open(Gpt2))
        {
            HuggingFaceLayout.Save(gguf, _folder);
            HuggingFaceLayout.SaveTokenizer(gguf, _folder);
        }
        using ICheckpoint checkpoint = Checkpoint.Open(_folder);
        ITokenizer tokenizer = checkpoint.LoadTokenizer();
        Assert.Null(checkpoint.LoadChatTemplate(tokenizer)); // GPT-2 was taught no conversations
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"chat_template":"{{ 'a' }}"}""");
        Assert.Equal("{{ 'a' }}", checkpoint.LoadChatTemplate(tokenizer)?.Source);
        File.WriteAllText(Path.Combine(_folder, "chat_template.jinja"), "{{ 'b' }}");
        Assert.Equal("{{ 'b' }}", checkpoint.LoadChatTemplate(tokenizer)?.Source);
    }

    [Fact]
    public void FittedTokenizer_MoreRowsThanTokens_LeavesThemEmpty()
    {
        using ICheckpoint checkpoint = Checkpoint.Open(Gpt2);
        ITokenizer inner = checkpoint.LoadTokenizer(), fitted = new FittedTokenizer(inner, inner.VocabSize + 9);
        int[] ids = fitted.Encode("a dog");
        Assert.Equal((inner.VocabSize + 9, "a dog"), (fitted.VocabSize, fitted.Decode([.. ids, inner.VocabSize + 3])));
        Assert.True(fitted.GetBytes(inner.VocabSize).IsEmpty);
    }

    [SharedDataFact]
    public void LoadModel_Llama2cFile_HasTheGoldenIds()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("stories260K", "stories260K-greedy-kvf32.json")));
        using LanguageModel model = LanguageModel.Load(TestData.PathOf("stories260K", "stories260K.bin"), new CpuBackend(1));
        Generation generation = model.Generator.Generate("Once upon a time", new GenerationOptions { MaxTokens = 60, Sampling = new SamplingOptions { Temperature = 0 } });
        Assert.Equal(golden.RootElement.GetProperty("ids").EnumerateArray().Take(60).Select(id => id.GetInt32()), generation.Ids);
    }

    private static string Gpt2 { get; } = Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures", "gpt2.gguf");
}
