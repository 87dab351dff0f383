using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training.Models;

public class RecallCircuitTests
{
    private static readonly ModelConfig Config = new()
    {
        Architecture = "llama", VocabSize = 256, ContextLength = 256, EmbeddingSize = 256, LayerCount = 3, HeadCount = 8, KvHeadCount = 4, HeadSize = 32,
        FeedForwardSize = 128, TiedHead = true, Rope = new RopeConfig { Base = 100_000 },
    };

    private static readonly DecoderModel Fresh = RecallCircuit.Create(Config, seed: 3);

    [Fact]
    public void Create_FirstBlock_LooksNoToFourTokensBack()
    {
        SeededRandom random = new(1);
        int[] ids = [.. Enumerable.Range(0, 40).Select(_ => random.NextInt(Config.VocabSize))];
        AttentionCapture capture = Read(ids);
        for (int head = 0; head < RecallCircuit.Distances; head++)
        {
            float[] weights = capture.Weights(0, head); // [T, T]
            Assert.InRange(Enumerable.Range(8, ids.Length - 8).Average(t => weights[t * ids.Length + t - head]), 0.5, 1);
        }
    }

    /// <summary>
    /// Facts "K a V", then a key or a value again: before anything is learnt, a head of block 1 finds the value behind the key, and one of block 2 the value itself,
    /// from which it brings what stood before.
    /// </summary>
    [Theory]
    [InlineData(0, 1, 0, false)] // "K V ... K"
    [InlineData(1, 1, 2, false)] // "K a V ... K a": the second pair of heads compares two tokens back with one
    [InlineData(0, 2, 0, true)]  // "K V ... V"
    [InlineData(1, 2, 2, true)]  // "K a V ... V b": a query of the second pair looks one token back
    public void Create_LaterBlocks_FindWhatBelongsTogether(int gap, int layer, int head, bool isBackward)
    {
        const int Facts = 8, Trials = 10;
        SeededRandom random = new(5);
        double found = 0, uniform = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            int[] tokens = [.. Enumerable.Range(0, Config.VocabSize)];
            random.Shuffle<int>(tokens);
            int length = 2 + gap, asked = random.NextInt(Facts), filler = 2 * Facts;
            List<int> ids = [];
            for (int fact = 0; fact < Facts; fact++) ids.AddRange([tokens[2 * fact], .. Enumerable.Repeat(tokens[filler], gap), tokens[2 * fact + 1]]);
            ids.AddRange(tokens.AsSpan(filler + 1, 8)); // something else
            ids.AddRange([tokens[2 * asked + (isBackward ? 1 : 0)], .. Enumerable.Repeat(tokens[filler + (isBackward ? 10 : 0)], gap)]);
            float[] weights = Read([.. ids]).Weights(layer, head);
            found += weights[(ids.Count - 1) * ids.Count + asked * length + length - 1] / Trials;
            uniform += 1.0 / ids.Count / Trials;
        }
        Assert.True(found > 4 * uniform, $"{found:f3} of the attention; spread over all tokens it would be {uniform:f3}");
    }

    [Theory, InlineData(8), InlineData(4), InlineData(2)]
    public void Create_AnyGroupsOfHeads_IsFiniteAndSeeded(int kvHeadCount)
    {
        ModelConfig config = Config with { KvHeadCount = kvHeadCount };
        DecoderModel one = RecallCircuit.Create(config, 3), same = RecallCircuit.Create(config, 3), other = RecallCircuit.Create(config, 4);
        Assert.All(one.Parameters, weight => Assert.True(weight.Data.IsFinite(), weight.Name));
        Assert.All(one.Parameters.Zip(same.Parameters), pair => Assert.Equal(pair.First.Data.ToArray(), pair.Second.Data.ToArray()));
        Assert.NotEqual(one["blk.1.attn_k.weight"].Data.ToArray(), other["blk.1.attn_k.weight"].Data.ToArray());
    }

    /// <summary>The reason for it all: after few steps random facts are looked up, and from random weights they are not.</summary>
    [Fact]
    public void Create_AfterThirtySteps_LooksUpWhatRandomWeightsCannot()
    {
        double recall = LossAfter(30, RecallCircuit.Create(Config, 1)), random = LossAfter(30, new DecoderModel(Config, 1));
        Assert.True(recall < 0.75 * random, $"{recall:f2} nats a token against {random:f2}");
    }

    private static AttentionCapture Read(int[] ids)
    {
        using TrainedTransformer model = new(Fresh, threadCount: 1);
        using Session session = new(model.Transformer, prefillRows: ids.Length);
        AttentionCapture capture = new();
        session.Prefill(ids, capture);
        return capture;
    }

    private static double LossAfter(int steps, DecoderModel model)
    {
        using Tape tape = new(2);
        Muon optimizer = new(model.Parameters, new AdamWSettings(), 0.9f, tape);
        TokenBatch batch = new(8, 256);
        SeededRandom random = new(2);
        double last = 0;
        for (int step = 0; step < steps; step++)
        {
            int windowCount = RandomFacts.Fill(batch, Config.VocabSize, random);
            foreach (Variable weight in model.Parameters) weight.ZeroGradient();
            float loss = tape.Backward(model.Loss(tape, batch.Inputs, batch.Targets, windowCount));
            optimizer.Step(0.007f * Math.Min(1, (step + 1) / 10f));
            if (step >= steps - 10) last += loss / 10;
        }
        return last;
    }
}
