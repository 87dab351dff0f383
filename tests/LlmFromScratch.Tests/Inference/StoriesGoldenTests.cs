using System.Runtime.InteropServices;
using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Inference;

/// <summary>
/// A published checkpoint of 260 thousand weights (karpathy/llama2.c) says token by token what llama.cpp lets it say, and the logits agree.
/// Expectations by llama.cpp v0.5.0 with an F32 cache; see the data folder's EXPECTED.md.
/// </summary>
public class StoriesGoldenTests
{
    private const float LogitTolerance = 1e-3f; // summation orders differ; logits are up to about 15

    public static TheoryData<string> Backends => ["reference", "cpu"];

    [SharedDataTheory]
    [MemberData(nameof(Backends))]
    public void Greedy_OnceUponATime_HasTheGoldenIdsAndText(string backend)
    {
        using JsonDocument golden = Read("stories260K-greedy-kvf32.json");
        int[] expected = Ints(golden.RootElement.GetProperty("ids"));
        using LanguageModel model = Load(backend);
        Generation generation = model.Generator.Generate("Once upon a time", Greedy(expected.Length));
        Assert.Equal(Ints(golden.RootElement.GetProperty("prompt_ids")), generation.PromptIds);
        Assert.Equal(expected, generation.Ids);
        Assert.Equal(golden.RootElement.GetProperty("text").GetString(), generation.Text);
    }

    [SharedDataTheory]
    [MemberData(nameof(Backends))]
    public void Greedy_HalfPrecisionCache_HasTheGoldenIds(string backend)
    {
        using JsonDocument golden = Read("stories260K-greedy-kvf16.json");
        using LanguageModel model = Load(backend);
        int[] prompt = Ints(golden.RootElement.GetProperty("prompt_ids")), ids = Ints(golden.RootElement.GetProperty("ids"));
        using Session session = new(model.Transformer, prompt.Length + ids.Length, cacheType: DType.F16);
        session.Prefill(prompt);
        foreach (int expected in ids)
        {
            Assert.Equal(expected, ArgMax(session.Logits));
            session.Decode(expected);
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Backends))]
    public void Score_FirstEightRows_AgreeWithTheGoldenLogits(string backend)
    {
        float[] expected = Floats("stories260K-first8-logits-f32.bin");
        using JsonDocument golden = Read("stories260K-greedy-kvf32.json");
        int[] prompt = Ints(golden.RootElement.GetProperty("prompt_ids"));
        using LanguageModel model = Load(backend);
        using Session session = new(model.Transformer);
        float[] rows = session.Score([.. prompt, .. Ints(golden.RootElement.GetProperty("ids"))[..7]]);
        AssertClose(expected, rows[((prompt.Length - 1) * 512)..]); // row 0 follows the prompt
    }

    [SharedDataTheory]
    [MemberData(nameof(Backends))]
    public void Greedy_EveryPromptOfTheFile_HasItsIdsAndLogits(string backend)
    {
        using JsonDocument golden = Read("greedy.json");
        using LanguageModel model = Load(backend);
        foreach (JsonElement prompt in golden.RootElement.GetProperty("prompts").EnumerateArray())
        {
            int[] ids = Ints(prompt.GetProperty("ids")), promptIds = Ints(prompt.GetProperty("prompt_ids"));
            Generation generation = model.Generator.Generate(prompt.GetProperty("prompt").GetString() ?? "", Greedy(ids.Length));
            Assert.Equal(promptIds, generation.PromptIds);
            Assert.Equal(ids, generation.Ids);

            // Row 0 follows the prompt; row i follows ids[i - 1].
            using Session session = new(model.Transformer);
            float[] rows = session.Score([.. promptIds, .. ids[..7]]);
            AssertClose(Floats($"prompt{prompt.GetProperty("index").GetInt32():00}.logits.f32"), rows[((promptIds.Length - 1) * 512)..]);
        }
    }

    [SharedDataTheory]
    [InlineData("stories260K-F16")]
    [InlineData("stories260K-Q8_0")]
    public void Backends_SameQuantizedFile_SameIdsAndLogits(string name)
    {
        using LanguageModel reference = Load("reference", name), cpu = Load("cpu", name);
        Generation expected = reference.Generator.Generate("Once upon a time", Greedy(64)), actual = cpu.Generator.Generate("Once upon a time", Greedy(64));
        Assert.Equal(expected.Ids, actual.Ids);
        using Session a = new(reference.Transformer), b = new(cpu.Transformer);
        AssertClose(a.Score(expected.Ids.ToArray()), b.Score(expected.Ids.ToArray()));
    }

    private static int ArgMax(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int id = 1; id < logits.Length; id++)
            if (logits[id] > logits[best]) best = id;
        return best;
    }

    private static LanguageModel Load(string backend, string name = "stories260K") => LanguageModel.Load(
        TestData.PathOf("stories260K", name + ".gguf"), backend == "cpu" ? new CpuBackend() : (IBackend)new ReferenceBackend());

    private static GenerationOptions Greedy(int tokens) =>
        new() { MaxTokens = tokens, IgnoreEndOfSequence = true, Sampling = new SamplingOptions { Temperature = 0 } };

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(worst <= LogitTolerance, $"logits differ by up to {worst}");
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(TestData.PathOf("stories260K", file)));

    private static float[] Floats(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(TestData.PathOf("stories260K", file))).ToArray();

    private static int[] Ints(JsonElement array) => array.EnumerateArray().Select(item => item.GetInt32()).ToArray();
}
