using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Which keys a query sees, by hand and by property: packed documents compute what the documents compute alone.</summary>
public class AttentionMaskTests
{
    [Fact]
    public void Fill_CausalWindowAndSegments_IsTheRunThatAllAllow()
    {
        AttentionSettings settings = new(1, 1, 1, Causal: true, Window: 2) { Segments = new[] { 7, 7, 7, 4, 4 } };
        KeyRange[] visible = new KeyRange[5];
        AttentionMask.Fill(settings, 5, 5, visible);
        Assert.Equal([new(0, 1), new(0, 2), new(1, 3), new(3, 4), new(3, 5)], visible);
    }

    [Fact]
    public void Fill_CrossAttentionOverPaddedSource_HidesThePadding()
    {
        AttentionSettings settings = new(2, 1, 1, Causal: false) { Segments = new[] { 0, 0, -1, 0, -1, -1 }, QuerySegments = new[] { 0, 0, 0, 0 } };
        KeyRange[] visible = new KeyRange[4];
        AttentionMask.Fill(settings, 2, 3, visible);
        Assert.Equal([new(0, 2), new(0, 2), new(0, 1), new(0, 1)], visible);
    }

    [Fact]
    public void Fill_SegmentInTwoRuns_IsRefused()
    {
        AttentionSettings settings = new(1, 1, 1) { Segments = new[] { 1, 2, 1 } };
        Assert.Contains("one run", Assert.Throws<ArgumentException>(() => AttentionMask.Fill(settings, 3, 3, new KeyRange[3])).Message);
    }

    [Fact]
    public void Scratch_TwiceAsLong_GrowsNoFasterThanTheLength()
    {
        AttentionSizes sizes = new(1000, 1000, 4, 2, 64, 1, 0), twice = sizes with { QueryCount = 2000, KeyCount = 2000 };
        Assert.InRange(twice.ForwardScratch, sizes.ForwardScratch, 2 * sizes.ForwardScratch);
        Assert.InRange(twice.BackwardScratch, sizes.BackwardScratch, 2 * sizes.BackwardScratch);
    }

    [Fact]
    public void Llama_PackedDocuments_HaveTheLossAndGradientsOfDocumentsAlone()
    {
        DecoderModel model = new(new ModelConfig
        {
            Architecture = "llama", VocabSize = 20, ContextLength = 64, EmbeddingSize = 12, LayerCount = 2, HeadCount = 2, KvHeadCount = 1,
            HeadSize = 6, FeedForwardSize = 16,
        }, seed: 3);
        foreach (Variable parameter in model.Parameters)
            if (parameter.Shape.Rank == 2) foreach (ref float value in parameter.Data) value *= 15;
        int[] first = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], second = [8, 9, 7, 9, 3, 2, 3, 8], firstTargets = [.. first.Skip(1), 0], secondTargets = [.. second.Skip(1), 0];
        using Tape tape = new(2);

        float alone = tape.Backward(model.Loss(tape, first, firstTargets, 1), 11f / 19) * 11 / 19;
        alone += tape.Backward(model.Loss(tape, second, secondTargets, 1), 8f / 19) * 8 / 19;
        float[][] expected = [.. model.Parameters.Select(parameter => parameter.Gradient.ToArray())];
        model.ZeroGradients();
        int[] segments = [.. Enumerable.Repeat(0, 11), .. Enumerable.Repeat(1, 8)];
        float packed = tape.Backward(model.Loss(tape, (int[])[.. first, .. second], (int[])[.. firstTargets, .. secondTargets], 1, segments));

        Assert.Equal(alone, packed, 1e-5f);
        for (int i = 0; i < expected.Length; i++)
        {
            float largest = expected[i].Max(MathF.Abs);
            for (int j = 0; j < expected[i].Length; j++) Assert.Equal(expected[i][j], model.Parameters[i].Gradient[j], 2e-5f * largest); // sums in another order
        }
    }

    [Theory]
    [InlineData(5, 5, true, 3, 0f, false)]
    [InlineData(5, 5, false, 3, 0f, true)]
    [InlineData(3, 7, true, 5, 0f, true)]
    [InlineData(3, 6, false, 0, 2f, true)]
    public void Attention_WindowCapAndBias_MatchesCentralDifferences(int queries, int keys, bool causal, int window, float cap, bool biased)
    {
        Variable q = Gradients.Random("q", new Shape(2 * queries, 4 * 2), 1, 0.5);
        Variable k = Gradients.Random("k", new Shape(2 * keys, 2 * 2), 2, 0.5), v = Gradients.Random("v", k.Shape, 3);
        Variable? bias = biased ? Gradients.Random("bias", new Shape(4, queries + keys - 1), 4, 0.5) : null;
        AttentionSettings settings = new(2, 4, 2, causal, Window: window, SoftCap: cap);
        Gradients.Check(tape => tape.Attention(q, k, v, settings, bias), bias is null ? [q, k, v] : [q, k, v, bias]);
    }

    // FlashAttention against attention with all its weights in memory, at sizes beside those of tiles (8), vectors (16) and blocks (64).
    [Theory]
    [InlineData(63, 63, 1, true, 0, 0f, false)]
    [InlineData(65, 65, 5, true, 0, 0f, false)]
    [InlineData(129, 130, 17, true, 0, 0f, true)]
    [InlineData(1, 77, 16, false, 0, 0f, true)]
    [InlineData(67, 67, 3, true, 20, 3f, true)]
    [InlineData(100, 100, 7, false, 33, 0f, false)]
    public void Attention_RaggedSizes_EqualsTheNaiveForm(int queries, int keys, int size, bool causal, int window, float cap, bool biased)
    {
        Variable q = Gradients.Random("q", new Shape(2 * queries, 4 * size), 1), k = Gradients.Random("k", new Shape(2 * keys, 2 * size), 2);
        Variable v = Gradients.Random("v", k.Shape, 3);
        Variable? bias = biased ? Gradients.Random("bias", new Shape(4, queries + keys - 1), 4) : null;
        AttentionSettings settings = new(2, 4, 2, causal, Window: window, SoftCap: cap);
        Gradients.CheckFast(tape => tape.Attention(q, k, v, settings, bias), bias is null ? [q, k, v] : [q, k, v, bias]);
    }

    [Fact]
    public void Attention_PackedDocuments_EqualsTheNaiveForm()
    {
        int[] segments = [.. Enumerable.Range(0, 150).Select(row => row % 75 / 20)]; // two sequences of four documents, the last cut off
        Variable q = Gradients.Random("q", new Shape(150, 24), 1), k = Gradients.Random("k", new Shape(150, 24), 2), v = Gradients.Random("v", k.Shape, 3);
        Gradients.CheckFast(tape => tape.Attention(q, k, v, new AttentionSettings(2, 3, 3) { Segments = segments }), q, k, v);
        Gradients.CheckFast(tape => tape.Attention(q, k, v, new AttentionSettings(2, 3, 3, Causal: false) { Segments = segments }), q, k, v);
    }
}
