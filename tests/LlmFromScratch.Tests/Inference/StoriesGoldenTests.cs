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
/// Expectations by llama.cpp v0.5.0; see the data folder's EXPECTED.md. Every file of the folder is a case: MODEL[-TYPE]-greedy[-kvTYPE].json.
/// </summary>
public class StoriesGoldenTests
{
    private const float LogitTolerance = 1e-3f; // summation orders differ; logits are up to about 15
    private const float RoundedActivations = 0.28f; // how far llama.cpp, which rounds activations too, strays from exact arithmetic (EXPECTED.md)

    public static TheoryData<string> Backends => ["reference", "cpu"];

    public static TheoryData<string, string> Files
    {
        get
        {
            TheoryData<string, string> rows = new();
            if (TestData.SkipReason is not null) return rows;
            foreach (string path in Directory.GetFiles(TestData.PathOf("stories260K"), "*-greedy*.json").Order())
            foreach (string backend in (string[])["reference", "cpu"]) rows.Add(Path.GetFileName(path), backend);
            return rows;
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public void Greedy_EveryFile_HasItsIdsAndText(string file, string backend)
    {
        using JsonDocument golden = Read(file);
        string model = file[..file.IndexOf("-greedy", StringComparison.Ordinal)];
        int[] prompt = Ints(golden.RootElement.GetProperty("prompt_ids")), ids = Ints(golden.RootElement.GetProperty("ids"));
        DType cacheType = golden.RootElement.GetProperty("kv").GetString() == "f16" ? DType.F16 : DType.F32;
        using LanguageModel loaded = Load(backend, model);
        Assert.Equal(prompt, loaded.Generator.EncodePrompt(golden.RootElement.GetProperty("prompt").GetString() ?? ""));
        if (IsRounded(loaded)) AssertNearlyGreedy(loaded, prompt, ids);
        else
        {
            Generation generation = loaded.Generator.Generate(prompt, Greedy(ids.Length) with { CacheType = cacheType });
            Assert.Equal(ids, generation.Ids);
            Assert.Equal(golden.RootElement.GetProperty("text").GetString(), generation.Text);
        }
        if (golden.RootElement.TryGetProperty("text", out JsonElement text)) Assert.Equal(text.GetString(), loaded.Tokenizer.Decode(ids));
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
    [InlineData("stories260K-Q4_0")]
    public void Backends_SameQuantizedFile_SameIdsAndLogits(string name)
    {
        using LanguageModel reference = Load("reference", name), cpu = Load("cpu", name);
        Generation expected = reference.Generator.Generate("Once upon a time", Greedy(64)), actual = cpu.Generator.Generate("Once upon a time", Greedy(64));
        Assert.Equal(expected.Ids, actual.Ids);
        using Session a = new(reference.Transformer), b = new(cpu.Transformer);
        AssertClose(a.Score(expected.Ids.ToArray()), b.Score(expected.Ids.ToArray()));
    }

    // Blocks of weights make llama.cpp round activations to blocks as well; F16 activations are near enough to the exact ones.
    private static bool IsRounded(LanguageModel model) => model.Transformer.Weights.TokenEmbedding.DType.BlockSize() > 1;

    // Where rounding decided between two tokens, the golden one must still be within its reach of our best.
    private static void AssertNearlyGreedy(LanguageModel model, int[] prompt, int[] ids)
    {
        using Session session = new(model.Transformer, prompt.Length + ids.Length);
        session.Prefill(prompt);
        int agreeing = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            float best = session.Logits.ToArray().Max(), chosen = session.Logits[ids[i]];
            Assert.True(best - chosen <= RoundedActivations, $"id {i}: the golden token {ids[i]} has the logit {chosen}, the best {best}");
            if (best == chosen) agreeing++;
            session.Decode(ids[i]);
        }
        Assert.InRange(agreeing, ids.Length * 97 / 100, ids.Length);
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
