using LlmFromScratch.Course;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Chapters.Ch06_Attention;

/// <summary>Checklist G5, G9 and G10: heads, shared heads, and heads that listen to another text.</summary>
[Trait("Chapter", "06")]
public class HeadsTests
{
    private const double Tolerance = 2e-4; // logits of about 10, the same terms summed in another order

    private static readonly ModelConfig EachItsOwn = TinyModel.Config with { KvHeadCount = 4 };
    private static readonly int[] Ids = [5, 6, 7, 8, 9, 10];

    [Theory]
    [InlineData("reference")]
    [InlineData("cpu")]
    public void Heads_SwappedTogetherWithTheirColumnsOfTheOutputMatrix_AreTheSameModel(string name)
    {
        Dictionary<string, Tensor> usual = TinyModel.HostTensors(EachItsOwn, 1), swapped = TinyModel.HostTensors(EachItsOwn, 1);
        for (int layer = 0; layer < EachItsOwn.LayerCount; layer++)
        {
            foreach (string matrix in new[] { "attn_q", "attn_k", "attn_v" }) SwapRows(swapped[$"blk.{layer}.{matrix}.weight"].Floats, 32 * 8);
            Tensor output = swapped[$"blk.{layer}.attn_output.weight"];
            for (int row = 0; row < output.Shape[0]; row++) SwapRows(output.Floats.Slice(row * 32, 32), 8);
        }
        AssertClose(Logits(name, EachItsOwn, usual), Logits(name, EachItsOwn, swapped));
    }

    [Fact]
    public void Heads_One_IsAttentionOverTheWholeWidth()
    {
        float[] query = Lab.RandomNormal(12, 1), keys = Lab.RandomNormal(60, 2), values = Lab.RandomNormal(60, 3);
        Assert.Equal(Lab.Attend(query, keys, values), Lab.Attend(query, [.. keys.Chunk(12).SelectMany(row => row[..12])], values));
        float[] twoHeads = [.. Enumerable.Range(0, 2).SelectMany(h => Lab.Attend(Half(query, h), Half(keys, h), Half(values, h)))];
        Assert.False(twoHeads.Zip(Lab.Attend(query, keys, values)).All(pair => Math.Abs(pair.First - pair.Second) < 0.01));
    }

    [Theory]
    [InlineData("reference", 2)]
    [InlineData("cpu", 2)]
    [InlineData("reference", 1)]
    [InlineData("cpu", 1)]
    public void GroupedHeads_KeysAndValuesRepeated_AreMultiHead(string name, int kvHeads) // with kvHeads = 1 this is MQA
    {
        ModelConfig shared = TinyModel.Config with { KvHeadCount = kvHeads };
        Dictionary<string, Tensor> tensors = TinyModel.HostTensors(shared, 2), repeated = new(tensors);
        for (int layer = 0; layer < shared.LayerCount; layer++)
        foreach (string matrix in new[] { "attn_k", "attn_v" })
        {
            float[][] heads = [.. tensors[$"blk.{layer}.{matrix}.weight"].Floats.ToArray().Chunk(8 * 32)]; // [K] of [D, C]
            float[] all = [.. Enumerable.Range(0, 4).SelectMany(h => heads[h / (4 / kvHeads)])];
            repeated[$"blk.{layer}.{matrix}.weight"] = Tensor.FromFloats(all, 32, 32);
        }
        AssertClose(Logits(name, EachItsOwn, repeated), Logits(name, shared, tensors));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Cache_SharedHeads_TakesTheirShareOfBytes(int kvHeads)
    {
        Assert.Equal(CacheBytes(4) * kvHeads / 4, CacheBytes(kvHeads));
        Assert.Equal(2L * 2 * kvHeads * 8 * 64 * sizeof(float), CacheBytes(kvHeads)); // keys and values, L = 2, K, D = 8, 64 tokens
    }

    [Fact]
    public void CrossAttention_AnEncoderStateChanged_ReachesEveryRowAndNothingElseDoes()
    {
        float[] states = Lab.RandomNormal(6 * 8, 4), louder = [.. states];
        for (int i = 16; i < 24; i++) louder[i] += 1;
        foreach (float[] query in Lab.RandomNormal(3 * 8, 5).Chunk(8))
        {
            Assert.NotEqual(Lab.Attend(query, states, states), Lab.Attend(query, louder, louder));
            Assert.Equal(Lab.Attend(query, states, states), Lab.Attend([.. query], [.. states], [.. states]));
            float[] reversed = [.. states.Chunk(8).Reverse().SelectMany(state => state)];
            foreach ((float a, float b) in Lab.Attend(query, states, states).Zip(Lab.Attend(query, reversed, reversed))) Assert.Equal(a, b, 1e-6);
        }
    }

    private static float[] Half(float[] rows, int head) => [.. rows.Chunk(6).Where((_, n) => n % 2 == head).SelectMany(row => row)];

    // Head 0 and head 3 change places; a head is `length` numbers long.
    private static void SwapRows(Span<float> values, int length)
    {
        float[] first = values[..length].ToArray();
        values[(3 * length)..].CopyTo(values);
        first.CopyTo(values[(3 * length)..]);
    }

    private static long CacheBytes(int kvHeads)
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend, TinyModel.Config with { KvHeadCount = kvHeads });
        using Session session = new(model, 64);
        return session.CacheBytes;
    }

    private static float[] Logits(string name, ModelConfig config, Dictionary<string, Tensor> tensors)
    {
        using IBackend backend = name == "cpu" ? new CpuBackend(threads: 1) : new ReferenceBackend();
        using Transformer model = new(backend, config, WeightLoader.Load(backend, config, tensors.GetValueOrDefault));
        using Session session = new(model);
        return session.Score(Ids);
    }

    private static void AssertClose(float[] expected, float[] got)
    {
        Assert.Equal(expected.Length, got.Length);
        Assert.All(expected.Zip(got), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
