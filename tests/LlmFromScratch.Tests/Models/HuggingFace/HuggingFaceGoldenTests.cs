using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Models.HuggingFace;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Models.HuggingFace;

/// <summary>Every architecture once as GGUF and once as transformers saves it: the same config, the same bits of logits.</summary>
public sealed class HuggingFaceGoldenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-hf-").FullName;

    public static TheoryData<string> SharedFiles => [.. TestData.FilesOf("*.gguf", "architectures")];

    public static TheoryData<string> OwnFiles =>
        [.. Directory.GetFiles(Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures"), "*.gguf").Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SharedDataTheory]
    [MemberData(nameof(SharedFiles))]
    public void SharedFile_AsHuggingFaceFolder_HasTheSameLogits(string file) => AssertSame(TestData.PathOf(file), DType.F32);

    [Theory]
    [MemberData(nameof(OwnFiles))]
    public void OwnFile_AsHuggingFaceFolder_HasTheSameLogits(string path) => AssertSame(path, DType.F32);

    [Theory]
    [MemberData(nameof(OwnFiles))]
    public void OwnFile_MatricesInBrainFloats_HasTheSameLogits(string path) => AssertSame(path, DType.BF16);

    private void AssertSame(string path, DType matrices)
    {
        using GgufFile gguf = GgufFile.Open(path);
        HuggingFaceLayout.Save(gguf, _folder, matrices);
        using HuggingFaceModel imported = HuggingFaceModel.Open(_folder);
        ModelConfig config = ModelConfigLoader.Load(gguf);
        Assert.Equal(config, imported.Config);
        float[] expected = Logits(path, config, name => !gguf.Contains(name) ? null : AsStored(gguf.GetTensor(name), config, matrices));
        float[] actual = Logits(path, imported.Config, imported.FindTensor);
        if (gguf.Contains("rope_freqs.weight")) AssertClose(expected, actual); // its divisors are computed again, from config.json
        else Assert.Equal(expected, actual);
    }

    // The other layout rounds: matrices to the type asked for, gemma's norms, which it stores less 1, to a float of that.
    private static Tensor AsStored(Tensor tensor, ModelConfig config, DType matrices)
    {
        if (tensor.Shape.Rank > 1) return HuggingFaceLayout.Encoded(tensor, matrices);
        if (!config.PostNorm) return tensor;
        Tensor norm = Tensor.Zeros(tensor.Shape);
        for (int i = 0; i < norm.Floats.Length; i++) norm.Floats[i] = tensor.Floats[i] - 1f + 1f;
        return norm;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4); // a divisor's last bit, over 40 positions
    }

    private static float[] Logits(string path, ModelConfig config, Func<string, Tensor?> find)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
        using CpuBackend backend = new(1);
        using Transformer model = new(backend, config, WeightLoader.Load(backend, config, find));
        using Session session = new(model, Math.Min(config.ContextLength, 128));
        return session.Score([.. golden.RootElement.GetProperty("prompt2_ids").EnumerateArray().Select(id => id.GetInt32())]);
    }
}
