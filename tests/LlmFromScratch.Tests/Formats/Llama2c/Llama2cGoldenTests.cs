using LlmFromScratch.Formats.Llama2c;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;

namespace LlmFromScratch.Tests.Formats.Llama2c;

public class Llama2cGoldenTests
{
    [SharedDataFact]
    public void Stories260K_FromLlama2c_HasTheLogitsOfTheGguf()
    {
        int[] ids = [1, 403, 407, 261, 378, 12, 77, 300];
        using LanguageModel gguf = LanguageModel.Load(TestData.PathOf("stories260K", "stories260K.gguf"), new CpuBackend(1));
        using Llama2cFile file = Llama2cFile.Open(TestData.PathOf("stories260K", "stories260K.bin"));
        ModelConfig config = Llama2cLoader.LoadConfig(file);
        Assert.Equal(gguf.Transformer.Config with { TiedHead = true, ContextLength = 512 }, config); // the GGUF file states 128 positions, and stores the shared table twice
        using CpuBackend backend = new(1);
        using Transformer imported = new(backend, config, WeightLoader.Load(backend, config, name => file.Contains(name) ? file.GetTensor(name) : null));
        using Session expected = new(gguf.Transformer), actual = new(imported);
        Assert.Equal(expected.Score(ids), actual.Score(ids)); // the same weights: the same bits
    }
}
