using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Models;

public class TransformerTests
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]; // 20: over one cache block of 16

    [Fact]
    public void Prefill_AnySplitOfThePrompt_GivesTheSameBits()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session whole = new(model);
        float[] expected = whole.Prefill(Ids).ToArray();
        for (int split = 1; split < Ids.Length; split++)
        {
            using Session session = new(model);
            session.Prefill(Ids.AsSpan(0, split));
            Assert.Equal(expected, session.Prefill(Ids.AsSpan(split)).ToArray());
        }
    }

    [Fact]
    public void Prefill_ChunksSmallerThanThePrompt_GiveTheSameBits()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session whole = new(model), chunked = new(model, prefillRows: 7);
        Assert.Equal(whole.Prefill(Ids).ToArray(), chunked.Prefill(Ids).ToArray());
        Assert.Equal(20, chunked.Length);
    }

    [Fact]
    public void Score_EveryRow_IsTheLogitsOfItsPrefix()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session all = new(model), step = new(model);
        float[] rows = all.Score(Ids);
        for (int t = 0; t < Ids.Length; t++)
            Assert.Equal(step.Decode(Ids[t]).ToArray(), rows.AsSpan(t * 37, 37).ToArray());
    }

    [Fact]
    public void Truncate_ThenReadAgain_GivesTheSameBits()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model);
        float[] expected = session.Prefill(Ids).ToArray();
        session.Truncate(5);
        session.Prefill(new[] { 30, 31, 32 }); // another continuation in between
        session.Truncate(5);
        Assert.Equal(expected, session.Prefill(Ids.AsSpan(5)).ToArray());
    }

    [Fact]
    public void Forward_ChangedFutureToken_LeavesThePastUntouched()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        int[] other = (int[])Ids.Clone();
        other[12] = 36;
        using Session a = new(model), b = new(model);
        float[] rowsA = a.Score(Ids), rowsB = b.Score(other);
        Assert.Equal(rowsA[..(12 * 37)], rowsB[..(12 * 37)]);
        Assert.NotEqual(rowsA[(12 * 37)..(13 * 37)], rowsB[(12 * 37)..(13 * 37)]);
    }

    [Fact]
    public void Load_MissingOrWrongTensor_IsNamed()
    {
        using ReferenceBackend backend = new();
        Dictionary<string, Tensor> tensors = TinyModel.HostTensors(TinyModel.Config, 1);
        tensors["blk.1.ffn_up.weight"] = Tensor.Zeros(new Shape(3, 4));
        string message = Assert.Throws<InvalidDataException>(() => WeightLoader.Load(backend, TinyModel.Config, tensors.GetValueOrDefault)).Message;
        Assert.Equal("Weights: tensor 'blk.1.ffn_up.weight' is [3, 4]; the model's sizes ask for [40, 32].", message);
        tensors.Remove("blk.1.ffn_up.weight");
        message = Assert.Throws<InvalidDataException>(() => WeightLoader.Load(backend, TinyModel.Config, tensors.GetValueOrDefault)).Message;
        Assert.Equal("Weights: tensor 'blk.1.ffn_up.weight' [40, 32] is missing.", message);
    }

    [Theory]
    [MemberData(nameof(TinyModel.ArchitectureNames), MemberType = typeof(TinyModel))]
    public void ParameterCount_EveryArchitecture_IsTheSumOfItsTensors(string architecture)
    {
        foreach (bool tied in (bool[])[false, true])
        {
            ModelConfig config = TinyModel.Architectures[architecture] with { TiedHead = tied };
            long expected = TinyModel.HostTensors(config, 1).Where(tensor => !tensor.Key.StartsWith("rope_")).Sum(tensor => tensor.Value.Shape.Count);
            Assert.Equal(expected, config.ParameterCount);
        }
    }

    [Theory]
    [InlineData(3, 8, "HeadCount 4 is no multiple of KvHeadCount 3")]
    [InlineData(2, 7, "HeadSize 7 is odd")]
    public void Validate_ImpossibleSizes_AreNamed(int kvHeads, int headSize, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(
            () => (TinyModel.Config with { KvHeadCount = kvHeads, HeadSize = headSize }).Validate()).Message);
}
