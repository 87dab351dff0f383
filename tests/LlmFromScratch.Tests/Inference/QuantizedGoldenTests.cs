using System.Runtime.InteropServices;
using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;

namespace LlmFromScratch.Tests.Inference;

/// <summary>
/// Every file of quantized/. With exact arithmetic on the dequantized weights: the golden ids, and the logits of an independent float64 forward pass. With
/// activations of 8 bits: no farther from that reference than llama.cpp, which rounds them too. The shared folder's EXPECTED.md says how ids and rows were made.
/// </summary>
public class QuantizedGoldenTests
{
    private const float LogitTolerance = 1e-3f; // summation orders differ; logits are up to about 15
    private const int Vocab = 512;

    public static TheoryData<string> Files =>
        new(Directory.GetFiles(TestData.PathOf("quantized"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order());

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public void Reference_GoldenIds_AreTheArgmaxAndTheLogitsAgree(string name) => CompareExactly(name, new ReferenceBackend());

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public void Cpu_GoldenIds_AreTheArgmaxAndTheLogitsAgree(string name) => CompareExactly(name, new CpuBackend());

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public void CpuOnRoundedActivations_GoldenIds_IsNoFartherFromTheReferenceThanLlamaCpp(string name)
    {
        using JsonDocument golden = Open(name);
        float[] reference = Floats(golden, "ref_file"), theirs = Floats(golden, "logits_file"), ours = Score(golden, new CpuBackend(null, ActivationType.Q8));
        (double Max, double Rms) distance = Distance(ours, reference), limit = Distance(theirs, reference);
        Assert.True(distance.Max <= limit.Max, $"{name}: largest distance {distance.Max}, llama.cpp's {limit.Max}");
        Assert.True(distance.Rms <= limit.Rms, $"{name}: rms distance {distance.Rms}, llama.cpp's {limit.Rms}");
    }

    private static void CompareExactly(string name, IBackend backend)
    {
        using JsonDocument golden = Open(name);
        float[] rows = Score(golden, backend);
        int[] ids = Ints(golden, "ids");
        for (int i = 0; i < ids.Length; i++) Assert.Equal(ids[i], ArgMax(rows.AsSpan(i * Vocab, Vocab))); // so greedy decoding says the same ids
        double worst = Distance(rows, Floats(golden, "ref_file")).Max;
        Assert.True(worst <= LogitTolerance, $"{name}: logits differ by up to {worst}");
    }

    // [ids, V]: row i decides ids[i], after the prompt and the ids before it.
    private static float[] Score(JsonDocument golden, IBackend backend)
    {
        int[] prompt = Ints(golden, "prompt_ids");
        using LanguageModel model = LanguageModel.Load(TestData.PathOf("quantized", Text(golden, "gguf")), backend);
        using Session session = new(model.Transformer);
        return session.Score([.. prompt, .. Ints(golden, "ids")[..^1]])[((prompt.Length - 1) * Vocab)..];
    }

    // over the rows of the reference, which are the first
    private static (double Max, double Rms) Distance(float[] rows, float[] reference)
    {
        double[] differences = reference.Zip(rows, (r, a) => (double)a - r).ToArray();
        return (differences.Max(Math.Abs), Math.Sqrt(differences.Average(d => d * d)));
    }

    private static int ArgMax(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    private static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf("quantized", name + ".json")));

    private static int[] Ints(JsonDocument golden, string name) =>
        golden.RootElement.GetProperty(name).EnumerateArray().Select(item => item.GetInt32()).ToArray();

    private static float[] Floats(JsonDocument golden, string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(TestData.PathOf("quantized", Text(golden, name)))).ToArray();

    private static string Text(JsonDocument golden, string name) =>
        golden.RootElement.GetProperty(name).GetString() ?? throw new InvalidDataException($"{name} is null");
}
