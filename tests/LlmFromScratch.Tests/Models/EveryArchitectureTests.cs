using System.Diagnostics;
using LlmFromScratch.Gpu;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Gpu;

namespace LlmFromScratch.Tests.Models;

/// <summary>What holds for a llama holds for every architecture: one backend's logits are another's, numbers do not move, a decode step allocates nothing.</summary>
public class EveryArchitectureTests
{
    private const float LogitTolerance = 5e-5f; // absolute, of logits up to 10: float sums against double ones through three layers

    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]; // 20: over one cache block of 16 and every window

    public static TheoryData<string> Names => TinyModel.ArchitectureNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Cpu_PrefillThenDecode_EqualsReference(string architecture) =>
        AssertClose(Logits(new ReferenceBackend(), architecture, 17), Logits(new CpuBackend(2), architecture, 17));

    [OpenClTheory]
    [MemberData(nameof(Names))]
    public void OpenCl_PrefillThenDecode_EqualsReference(string architecture) =>
        AssertClose(Logits(new ReferenceBackend(), architecture, 17), Logits(new OpenClBackend(), architecture, 17));

    [Theory]
    [MemberData(nameof(Names))]
    public void Cpu_AnyWidthThreadsAndSplit_GivesTheSameBits(string architecture)
    {
        float[] expected = Logits(new CpuBackend(1, LaneWidth.One), architecture, Ids.Length);
        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
        for (int threads = 1; threads <= 3; threads++)
        {
            int split = 1 + ((int)width * 3 + threads * 5) % Ids.Length; // a different one each time, and all of them below
            Assert.Equal(expected[^37..], Logits(new CpuBackend(threads, width), architecture, split)[^37..]);
        }
        for (int split = 1; split < Ids.Length; split++) Assert.Equal(expected[^37..], Logits(new CpuBackend(2), architecture, split)[^37..]);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Cpu_NarrowerVectorsInANewProcess_GiveTheSameBits(string instructionSet)
    {
        ProcessStartInfo start = new("dotnet", [typeof(EveryArchitectureTests).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[instructionSet] = "0";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        string[] lines = process.StandardOutput.ReadToEnd().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(LogitFingerprints.All(), lines); // any split and thread count in this process gives these bits: the test above
    }

    [OpenClTheory]
    [MemberData(nameof(Names))]
    public void OpenCl_AnySplit_GivesTheSameBits(string architecture)
    {
        float[] expected = Logits(new OpenClBackend(), architecture, Ids.Length);
        foreach (int split in (int[])[1, 4, 5, 16]) Assert.Equal(expected[^37..], Logits(new OpenClBackend(), architecture, split)[^37..]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_Cpu_AllocatesNothing(string architecture)
    {
        using CpuBackend backend = new(2);
        using Transformer model = TinyModel.Create(backend, TinyModel.Architectures[architecture]);
        using Session session = new(model);
        foreach (int id in Ids) session.Decode(id);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int id in Ids) session.Decode(id);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void LongRope_ContextBeyondTheOriginal_TurnsByTheLongFactors()
    {
        using ReferenceBackend backend = new();
        ModelConfig config = TinyModel.Architectures["phi3"]; // original context 16
        Dictionary<string, Tensor> tensors = TinyModel.HostTensors(config, 1);
        float[] Read(int contextLength)
        {
            using Transformer model = new(backend, config, WeightLoader.Load(backend, config, tensors.GetValueOrDefault));
            using Session session = new(model, contextLength);
            return session.Prefill(Ids.AsSpan(0, 12)).ToArray();
        }
        (float[] shortContext, float[] longContext) = (Read(16), Read(17));
        Assert.NotEqual(shortContext, longContext);
        tensors["rope_factors_long.weight"] = tensors["rope_factors_short.weight"];
        Assert.Equal(shortContext, Read(17));
    }

    [Fact]
    public void LearnedPositions_ContextBeyondThem_IsRefused()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend, TinyModel.Architectures["gpt2"]);
        Assert.Contains("learned 64 positions", Assert.Throws<ArgumentOutOfRangeException>(() => new Session(model, contextLength: 65)).Message);
    }

    // The logits after a first part of the ids in one call and after each id that follows: [.., V].
    private static float[] Logits(IBackend backend, string architecture, int prefill)
    {
        using IBackend owned = backend;
        using Transformer model = TinyModel.Create(backend, TinyModel.Architectures[architecture]);
        using Session session = new(model);
        List<float> logits = [.. session.Prefill(Ids.AsSpan(0, prefill))];
        foreach (int id in Ids.AsSpan(prefill)) logits.AddRange(session.Decode(id));
        return [.. logits];
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= LogitTolerance, $"logit {i}: expected {expected[i]:R}, got {actual[i]:R}");
    }
}
