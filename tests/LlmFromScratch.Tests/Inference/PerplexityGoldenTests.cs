using System.Runtime.InteropServices;
using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;

namespace LlmFromScratch.Tests.Inference;

/// <summary>The mean cost of a token that llama.cpp and a float64 forward pass found for each model and text of nll/nll.json; see the data folder's EXPECTED.md.</summary>
public class PerplexityGoldenTests
{
    private const double MeanTolerance = 1e-4; // nats a token
    private const float LogitTolerance = 1e-3f; // summation orders differ; logits are up to about 15

    /// <summary>Every model and text of nll.json that stand beside it.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> rows = new();
            if (TestData.SkipReason is not null) return rows;
            using JsonDocument golden = Read();
            foreach (JsonElement result in golden.RootElement.GetProperty("results").EnumerateArray())
                if (File.Exists(ModelPath(result)) && File.Exists(TextPath(result))) rows.Add(Text(result, "model"), Text(result, "text"));
            return rows;
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Cases))]
    public void Measure_ModelAndText_HaveTheGoldenMean(string modelName, string textName)
    {
        using JsonDocument golden = Read();
        JsonElement result = golden.RootElement.GetProperty("results").EnumerateArray().Single(item => Text(item, "model") == modelName && Text(item, "text") == textName);
        byte[] text = File.ReadAllBytes(TextPath(result));
        using LanguageModel model = LanguageModel.Load(ModelPath(result), new CpuBackend());
        PerplexityResult measured = Perplexity.Measure(model, text);
        Assert.Equal(result.GetProperty("n_tokens").GetInt32(), measured.TokenCount);
        // llama.cpp quantizes activations where weights are quantized, the float64 pass does not, and neither do we.
        Assert.Equal(result.GetProperty("float64_ref_nll_mean_dequantised_weights").GetDouble(), measured.NatsPerToken, MeanTolerance);
        if (result.TryGetProperty("ids", out JsonElement ids)) AssertFirstWindow(model, text, ids, result);
    }

    // The ids of the text, and the logits of its first window.
    private static void AssertFirstWindow(LanguageModel model, byte[] text, JsonElement ids, JsonElement result)
    {
        int[] expectedIds = [.. ids.EnumerateArray().Select(id => id.GetInt32())];
        Assert.Equal(expectedIds, model.Tokenizer.Encode(text));
        string logitsPath = TestData.PathOf("nll", Text(result, "window0_logits_file"));
        if (!File.Exists(logitsPath)) return;
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(logitsPath)).ToArray(); // [127, V], row 0 after the beginning
        using Session session = new(model.Transformer);
        float[] rows = session.Score([result.GetProperty("bos").GetInt32(), .. expectedIds[..126]]);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - rows[i]) <= LogitTolerance, $"value {i}: expected {expected[i]:R}, got {rows[i]:R}");
    }

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllText(TestData.PathOf("nll", "nll.json")));

    private static string ModelPath(JsonElement result) => TestData.PathOf("stories260K", Text(result, "model"));

    private static string TextPath(JsonElement result) => TestData.PathOf("nll", Text(result, "text"));

    private static string Text(JsonElement result, string key) => result.GetProperty(key).GetString() ?? throw new InvalidDataException($"nll.json: {key} is null.");
}
