using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Kernels;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Inference;

/// <summary>A cache of F32, F16 or Q8_0: what it takes, what it refuses, and that no way of reading a text changes a bit.</summary>
public class CacheTypeTests
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]; // 20: over one cache block of 16
    private static readonly ModelConfig Config = TinyModel.Config with { KvHeadCount = 4 }; // K · D = 4 · 8 = 32: one Q8_0 block over four heads

    public static TheoryData<string, DType> BackendsAndTypes
    {
        get
        {
            TheoryData<string, DType> rows = new();
            foreach (string backend in (string[])["reference", .. TestBackends.Names.Where(name => name is "cpu" or "opencl")])
            foreach (DType type in (DType[])[DType.F32, DType.F16, DType.Q8_0]) rows.Add(backend, type);
            return rows;
        }
    }

    [Theory]
    [InlineData(DType.F32, 4 * 32)]
    [InlineData(DType.F16, 2 * 32)]
    [InlineData(DType.Q8_0, 34)]
    public void ByteLength_IsTwoLayersRowsOfAllHeads(DType type, int rowBytes)
    {
        using ReferenceBackend backend = new();
        using KvCache cache = new(backend, Config, tokenCapacity: 40, type: type);
        Assert.Equal(2L * 2 * 48 * rowBytes, cache.ByteLength); // keys and values, L = 2, 48 tokens
    }

    [Fact]
    public void Q8_0_HeadsThatFillNoBlock_AreRefused()
    {
        using ReferenceBackend backend = new();
        string message = Assert.Throws<NotSupportedException>(() => new KvCache(backend, TinyModel.Config, 16, type: DType.Q8_0)).Message;
        Assert.Equal("KvCache: Q8_0 stores blocks of 32 values, but this model's keys are 2 heads · 8 = 16 values a token, which is no multiple. Use F16 or F32.", message);
        Assert.Contains("I32 is no type of cache", Assert.Throws<NotSupportedException>(() => new KvCache(backend, TinyModel.Config, 16, type: DType.I32)).Message);
    }

    [Fact]
    public void WriteKv_HalfAndBlocks_RoundAsTheFormatsSay()
    {
        using ReferenceBackend backend = new();
        float[] row = Enumerable.Range(0, 32).Select(i => i == 0 ? 127f : i / 8f).ToArray(); // the largest is 127, so d = 1 and q = round(x)
        Assert.Equal(row.Select(x => (float)(Half)x), Written(DType.F16));
        Assert.Equal(row.Select(x => MathF.Round(x, MidpointRounding.AwayFromZero)), Written(DType.Q8_0));

        // One value a head, so that attention with one position gives back the cached value.
        float[] Written(DType type)
        {
            using Tensor values = Tensor.FromFloats(row, 1, 32, 1), output = Tensor.Zeros(new Shape(1, 32, 1));
            KvPages pages = new(backend.Allocate(new Shape(1, 1, 32), type), backend.Allocate(new Shape(1, 1, 32), type), kvHeadCount: 32);
            using ForwardBatch batch = new(backend, 1, 1, 1);
            batch.SetBlocks(0, [0]);
            batch.Add(0, 0, 0, wantLogits: false);
            batch.Commit();
            backend.WriteKv(values, values, pages, batch);
            backend.Attention(values, pages, batch, new AttentionOptions(1), output);
            return output.Floats.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(BackendsAndTypes))]
    public void Prefill_EverySplitChunkAndSingleTokens_GiveTheSameBits(string name, DType type)
    {
        using IBackend backend = name == "reference" ? new ReferenceBackend() : TestBackends.Create(name);
        using Transformer model = TinyModel.Create(backend, Config);
        using Session whole = new(model, cacheType: type), single = new(model, cacheType: type), chunked = new(model, prefillRows: 7, cacheType: type);
        float[] expected = whole.Prefill(Ids).ToArray();
        for (int split = 1; split < Ids.Length; split++)
        {
            using Session session = new(model, cacheType: type);
            session.Prefill(Ids.AsSpan(0, split));
            Assert.Equal(expected, session.Prefill(Ids.AsSpan(split)).ToArray());
        }
        Assert.Equal(expected, chunked.Prefill(Ids).ToArray());
        foreach (int id in Ids) single.Decode(id);
        Assert.Equal(expected, single.Logits.ToArray());
    }

    [Theory]
    [MemberData(nameof(BackendsAndTypes))]
    public void Logits_OfARoundedCache_AreNearThoseOfTheReference(string name, DType type)
    {
        using ReferenceBackend reference = new();
        using IBackend backend = name == "reference" ? new ReferenceBackend() : TestBackends.Create(name);
        using Transformer exact = TinyModel.Create(reference, Config), model = TinyModel.Create(backend, Config);
        using Session expected = new(exact), actual = new(model, cacheType: type);
        float tolerance = type switch // of logits up to about 8 and steep scores
        {
            DType.F32 => 1e-4f,
            DType.F16 => 3e-2f, // keys and values of 11 bits; 0.012 was seen on every backend
            _ => 0.6f, // of 7 bits and a scale; 0.325 was seen on every backend
        };
        float[] rows = expected.Score(Ids), others = actual.Score(Ids);
        float worst = rows.Zip(others, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance, $"logits differ by up to {worst}");
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.Q8_0)]
    public void Logits_AnyWidthAndThreads_HaveTheSameBits(DType type)
    {
        float[] expected = Score(1, LaneWidth.One);
        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
        foreach (int threads in (int[])[1, 2, 3])
            Assert.Equal(expected, Score(threads, width));

        float[] Score(int threads, LaneWidth width)
        {
            using CpuBackend backend = new(threads, width);
            using Transformer model = TinyModel.Create(backend, Config);
            using Session session = new(model, cacheType: type);
            return session.Score(Ids);
        }
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.Q8_0)]
    public void Decode_AfterTheFirst_AllocatesNothing(DType type)
    {
        using CpuBackend backend = new(threads: 2);
        using Transformer model = TinyModel.Create(backend, Config);
        using Session session = new(model, cacheType: type);
        foreach (int id in Ids) session.Decode(id);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int id in Ids) session.Decode(id);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
