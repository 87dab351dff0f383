using System.Runtime.InteropServices;
using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;

namespace LlmFromScratch.Tests.Inference;

/// <summary>
/// Every file of quantized/ with exact arithmetic on its dequantized weights: the golden ids, and the logits of an independent float64 forward pass.
/// The shared folder's EXPECTED.md says how ids and rows were made.
/// </summary>
public class QuantizedGoldenTests
{
    private const float LogitTolerance = 1e-3f; // summation orders differ; logits are up to about 15
    private const int Vocab = 512;

    public static TheoryData<string, string> Files
    {
        get
        {
            TheoryData<string, string> rows = new();
            foreach (string backend in (string[])["reference", "cpu"])
            foreach (string path in Directory.GetFiles(TestData.PathOf("quantized"), "*.json").Order())
                rows.Add(Path.GetFileNameWithoutExtension(path), backend);
            return rows;
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public void Score_GoldenIds_AreTheArgmaxAndTheLogitsAgree(string name, string backend)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf("quantized", name + ".json")));
        int[] prompt = Ints(golden.RootElement, "prompt_ids"), ids = Ints(golden.RootElement, "ids");
        using LanguageModel model = LanguageModel.Load(
            TestData.PathOf("quantized", Text(golden.RootElement, "gguf")), backend == "cpu" ? new CpuBackend() : (IBackend)new ReferenceBackend());
        using Session session = new(model.Transformer);
        float[] rows = session.Score([.. prompt, .. ids[..^1]])[((prompt.Length - 1) * Vocab)..]; // row i decides ids[i]
        for (int i = 0; i < ids.Length; i++) Assert.Equal(ids[i], ArgMax(rows.AsSpan(i * Vocab, Vocab))); // so greedy decoding says the same ids

        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(TestData.PathOf("quantized", Text(golden.RootElement, "ref_file")))).ToArray();
        float worst = expected.Zip(rows, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(worst <= LogitTolerance, $"{name}: logits differ by up to {worst}");
    }

    private static int ArgMax(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    private static int[] Ints(JsonElement root, string name) => root.GetProperty(name).EnumerateArray().Select(item => item.GetInt32()).ToArray();

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString() ?? throw new InvalidDataException($"{name} is null");
}
