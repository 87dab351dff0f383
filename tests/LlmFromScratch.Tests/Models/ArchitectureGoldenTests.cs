using System.Runtime.InteropServices;
using System.Text.Json;
using LlmFromScratch.Gpu;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tests.Gpu;

namespace LlmFromScratch.Tests.Models;

/// <summary>
/// Tiny models of random weights, one an architecture: a short and a long prompt, what llama.cpp says after them, and the logits of a float64 forward pass.
/// Every file of the shared folder architectures/ is a case (EXPECTED.md there says how they were made), and those that stand in tests/reference.
/// </summary>
public class ArchitectureGoldenTests
{
    private const float LogitTolerance = 1e-4f; // absolute, of logits up to 12: float sums against float64
    private const int ContextLength = 256; // as the expectations were made; LongRoPE depends on it
    private const int VocabSize = 512;

    public static TheoryData<string> SharedFiles => [.. TestData.FilesOf("*.gguf", "architectures")];

    public static TheoryData<string> OwnFiles => [.. OwnPaths];

    public static TheoryData<string> AllFiles => [.. TestData.FilesOf("*.gguf", "architectures").Select(file => TestData.PathOf(file)), .. OwnPaths];

    private static IEnumerable<string> OwnPaths =>
        Directory.GetFiles(Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures"), "*.gguf").Order(StringComparer.Ordinal);

    [SharedDataTheory]
    [MemberData(nameof(SharedFiles))]
    public void SharedFile_BothRuns_HaveTheGoldenIdsAndLogits(string file)
    {
        AssertGolden(TestData.PathOf(file), new ReferenceBackend());
        AssertGolden(TestData.PathOf(file), new CpuBackend());
    }

    [Theory]
    [MemberData(nameof(OwnFiles))]
    public void OwnFile_BothRuns_HaveTheGoldenIdsAndLogits(string path) => AssertGolden(path, new CpuBackend());

    [OpenClTheory]
    [MemberData(nameof(AllFiles))]
    public void OpenCl_BothRuns_HaveTheGoldenIdsAndLogits(string path) => AssertGolden(path, new OpenClBackend());

    private static void AssertGolden(string path, IBackend backend)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
        using LanguageModel model = LanguageModel.Load(path, backend);
        AssertRun(model, golden.RootElement, "prompt_ids", "ids", Path.ChangeExtension(path, ".ref.f32"));
        AssertRun(model, golden.RootElement, "prompt2_ids", "ids2", Path.ChangeExtension(path, ".ref2.f32"));
    }

    // Row 0 follows the prompt, row i follows ids[i - 1]; the files hold the first eight rows.
    private static void AssertRun(LanguageModel model, JsonElement golden, string promptKey, string idsKey, string logitsPath)
    {
        int[] prompt = Ints(golden.GetProperty(promptKey)), ids = Ints(golden.GetProperty(idsKey));
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(logitsPath)).ToArray(); // [8, V]
        using Session session = new(model.Transformer, ContextLengthOf(model));
        session.Prefill(prompt);
        for (int i = 0; i < ids.Length; i++)
        {
            float[] logits = session.Logits.ToArray();
            Assert.Equal(ids[i], Array.IndexOf(logits, logits.Max()));
            for (int v = 0; (i + 1) * VocabSize <= expected.Length && v < VocabSize; v++)
                Assert.True(Math.Abs(expected[i * VocabSize + v] - logits[v]) <= LogitTolerance, $"row {i}, logit {v}: expected {expected[i * VocabSize + v]:R}, got {logits[v]:R}");
            session.Decode(ids[i]);
        }
    }

    private static int ContextLengthOf(LanguageModel model) =>
        model.Transformer.Config.Rope is null ? model.Transformer.Config.ContextLength : ContextLength; // learned positions end where they end

    private static int[] Ints(JsonElement array) => array.EnumerateArray().Select(item => item.GetInt32()).ToArray();
}
