using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training;

/// <summary>Every kind of decoder that can be trained gives the engine's logits, directly and through a GGUF file where the export knows the architecture.</summary>
public sealed class DecodersMeetInferenceTests : IDisposable
{
    private const float Tolerance = 5e-5f; // of the largest logit: two float32 forward passes that sum in different orders

    private static readonly int[] Ids = [1, 10, 7, 7, 3, 0, 4, 11, 5, 2, 9];

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("llama", "cpu"), InlineData("moe", "cpu"), InlineData("gpt2", "cpu"), InlineData("gemma", "cpu"), InlineData("qwen", "cpu")]
    [InlineData("llama", "reference"), InlineData("moe", "reference"), InlineData("gpt2", "reference")]
    public void Training_ForwardLogits_MatchInferenceLogits(string kind, string backendName)
    {
        DecoderModel model = Decoders.Random(kind);
        Dictionary<string, Tensor> tensors = GgufExport.Tensors(model, parameter => GgufExport.ToTensor(parameter, DType.F32)).ToDictionary(entry => entry.Name, entry => entry.Tensor);
        using IBackend backend = backendName == "cpu" ? new CpuBackend() : new ReferenceBackend();
        AssertSameLogits(model, backend, model.Config, WeightLoader.Load(backend, model.Config, tensors.GetValueOrDefault));
    }

    [Theory, InlineData("llama"), InlineData("moe"), InlineData("gpt2"), InlineData("qwen"), InlineData("qwen2")]
    public void Save_EachArchitecture_IsReadBackAsTheSameModel(string kind)
    {
        DecoderModel model = Decoders.Random(kind);
        GgufExport.Save(model, kind, DType.F32, writer => writer.Add("tokenizer.ggml.model", "none"), _path);
        using GgufFile file = GgufFile.Open(_path);
        ModelConfig config = ModelConfigLoader.Load(file);
        Assert.Equal(model.Config, config);
        using CpuBackend backend = new();
        AssertSameLogits(model, backend, config, WeightLoader.Load(backend, config, file));
    }

    [Fact]
    public void Save_ArchitectureThatItDoesNotKnow_IsRefused() =>
        Assert.Contains("gemma2", Assert.Throws<NotSupportedException>(() => GgufExport.Save(Decoders.Random("gemma"), "g", DType.F32, _ => { }, _path)).Message);

    private static void AssertSameLogits(DecoderModel model, IBackend backend, ModelConfig config, TransformerWeights weights)
    {
        using Tape tape = new();
        float[] expected = model.Forward(tape, Ids, 1).Data.ToArray(); // [T, V]
        using Transformer transformer = new(backend, config, weights);
        using Session session = new(transformer);
        float[] actual = session.Score(Ids);
        float largest = expected.Max(MathF.Abs);
        Assert.InRange(largest, 0.5f, 100f); // there is something to compare
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance * largest);
    }
}
