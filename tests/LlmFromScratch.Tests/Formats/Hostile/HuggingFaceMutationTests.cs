using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Models.HuggingFace;
using LlmFromScratch.Tests.Models.HuggingFace;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>Damaged Hugging Face folders through config, names, layouts and shapes: 2,000 mutants of config.json and 2,000 of the weights' header.</summary>
public sealed class HuggingFaceMutationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-hf-mutants-").FullName;

    public HuggingFaceMutationTests()
    {
        using GgufFile gguf = GgufFile.Open(Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures", "llama-moe.gguf"));
        HuggingFaceLayout.Save(gguf, _folder);
    }

    private string Config => Path.Combine(_folder, HuggingFaceModel.ConfigFileName);

    private string Weights => Path.Combine(_folder, SafeTensorsFolder.SingleFileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Config_2000Mutants_AreHeldAtTheDoor()
    {
        byte[] config = File.ReadAllBytes(Config);
        MutationRun.Sample sample = new("config.json", config, config.Length);
        Assert.InRange(MutationRun.Check(sample, Config, 2000, seed: 5020, _ => Load(), besides: new FileInfo(Weights).Length), 1200, 2000);
    }

    [Fact]
    public void WeightsHeader_2000Mutants_AreHeldAtTheDoor()
    {
        byte[] bytes = File.ReadAllBytes(Weights);
        MutationRun.Sample sample = new("weights", bytes[..SafeTensorsMutationTests.DataStart(Weights)], bytes.Length);
        Assert.InRange(MutationRun.Check(sample, Weights, 2000, seed: 5021, _ => Load(), besides: new FileInfo(Config).Length), 1200, 2000);
    }

    private void Load()
    {
        using HuggingFaceModel model = HuggingFaceModel.Open(_folder);
        using ReferenceBackend backend = new();
        WeightLoader.Load(backend, model.Config, model.FindTensor).Dispose();
    }
}
