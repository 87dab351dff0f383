using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training;

public class TrainingAllocationTests
{
    private const int VocabSize = 32, SequenceCount = 8;

    private static readonly int[] Ids = [.. Enumerable.Range(0, 512).Select(i => i * i % 61 % VocabSize)]; // [B·T], 8 · 64
    private static readonly int[] Padded = [.. Enumerable.Range(0, 512).Select(i => i % 64 < 50 ? 0 : -1)]; // [B·T]: 50 tokens and padding

    [Theory, InlineData("llama"), InlineData("gpt2"), InlineData("gemma"), InlineData("qwen"), InlineData("moe")]
    public void DecoderStep_AfterWarmUp_AllocatesNothing(string kind)
    {
        DecoderModel model = new(Decoders.Config(kind, VocabSize) with { ContextLength = 64 }, seed: 1);
        AssertAllocatesNothing(model.Parameters, tape => model.Loss(tape, Ids, Ids, SequenceCount), warmUp: kind == "moe" ? 40 : 3); // who goes to which expert changes from step to step
    }

    [Theory, InlineData(CellKind.Rnn), InlineData(CellKind.Lstm), InlineData(CellKind.Gru)]
    public void RecurrentStep_AfterWarmUp_AllocatesNothing(CellKind kind)
    {
        RecurrentLanguageModel model = new(kind, VocabSize, size: 8, layerCount: 2, seed: 1);
        AssertAllocatesNothing(model.Parameters, tape => model.Loss(tape, Ids, Ids, SequenceCount), warmUp: 5);
    }

    [Fact]
    public void MoeSteps_ExpertsOfEverySize_KeepThePoolSmall()
    {
        DecoderModel model = new(Decoders.Config("moe", VocabSize) with { ContextLength = 64 }, seed: 1);
        AdamW optimizer = new(model.Parameters, new AdamWSettings());
        using Tape tape = new();
        long afterTen = 0;
        for (int step = 0; step < 200; step++)
        {
            int[] ids = [.. Ids.Select(id => (id + step * step) % VocabSize)];
            StepAllocations.Step(model.Parameters, optimizer, tape, tape => tape.Backward(model.Loss(tape, ids, ids, SequenceCount)));
            if (step == 9) afterTen = tape.Pool.AllocatedBytes;
        }
        Assert.InRange(tape.Pool.AllocatedBytes, afterTen, afterTen * 3 / 2);
    }

    [Fact]
    public void PackedStep_LearnedPositions_AllocatesNothing()
    {
        DecoderModel model = new(Decoders.Config("gpt2", VocabSize) with { ContextLength = 64 }, seed: 1);
        AssertAllocatesNothing(model.Parameters, tape => model.Loss(tape, Ids, Ids, SequenceCount, Padded), warmUp: 3);
    }

    [Theory, InlineData(PositionKind.Learned), InlineData(PositionKind.Alibi)]
    public void PositionedStep_AfterWarmUp_AllocatesNothing(PositionKind kind)
    {
        PositionedDecoder model = new(kind, VocabSize, size: 16, headCount: 4, layerCount: 2, longest: 64, seed: 1);
        AssertAllocatesNothing(model.Parameters, tape => tape.CrossEntropy(model.Forward(tape, Ids, SequenceCount), Ids), warmUp: 3);
    }

    [Fact]
    public void MaskedStep_AfterWarmUp_AllocatesNothing()
    {
        BertModel model = Encoder();
        SeededRandom random = new(1);
        AssertAllocatesNothing(model.Parameters, tape => model.MaskedLoss(tape, MaskedTokens.Draw(tape, Ids, 1, VocabSize, id => id == 0, random), SequenceCount, dropout: random), warmUp: 3);
    }

    [Fact]
    public void ClassifyingStep_AfterWarmUp_AllocatesNothing()
    {
        BertModel model = Encoder();
        int[] classes = [0, 1, 1, 0, 1, 0, 0, 1];
        AssertAllocatesNothing(model.Parameters, tape => tape.CrossEntropy(model.ClassLogits(tape, model.Hidden(tape, Ids, SequenceCount, Padded), SequenceCount), classes), warmUp: 3);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void EncoderDecoderStep_AfterWarmUp_AllocatesNothing(bool isPadded)
    {
        EncoderDecoderModel model = new(VocabSize, embeddingSize: 16, headCount: 2, feedForwardSize: 24, layerCount: 2, seed: 1);
        ReadOnlyMemory<int> answer = Ids.AsMemory(0, 256), segments = isPadded ? Padded : default;
        AssertAllocatesNothing(model.Parameters, tape => tape.CrossEntropy(model.Decode(tape, answer, SequenceCount, model.Encode(tape, Ids, SequenceCount, segments)), answer), warmUp: 3);
    }

    [Theory, InlineData(CellKind.Lstm, false), InlineData(CellKind.Gru, true)]
    public void TranslatorStep_AfterWarmUp_AllocatesNothing(CellKind kind, bool hasAttention)
    {
        RecurrentTranslator model = new(kind, VocabSize, VocabSize, size: 8, hasAttention, seed: 1);
        ReadOnlyMemory<int> answer = Ids.AsMemory(0, 256);
        AssertAllocatesNothing(model.Parameters, tape => tape.CrossEntropy(model.Forward(tape, Ids, answer, SequenceCount), answer), warmUp: 5);
    }

    [Fact]
    public void SkipGramStep_AfterWarmUp_AllocatesNothing()
    {
        SkipGramModel model = new([.. Enumerable.Repeat(1, VocabSize)], size: 8, seed: 1);
        SeededRandom random = new(1);
        AssertAllocatesNothing(model.Parameters, tape => model.Loss(tape, Ids, Ids, negativeCount: 3, random), warmUp: 3);
    }

    private static BertModel Encoder() => new(new EncoderConfig
    {
        VocabSize = VocabSize, ContextLength = 64, ClassCount = 2, Stack = new TransformerStackSettings { EmbeddingSize = 16, HeadCount = 2, FeedForwardSize = 24, LayerCount = 2, Dropout = 0.1f },
    }, seed: 1);

    private static void AssertAllocatesNothing(IReadOnlyList<Variable> parameters, Func<Tape, Variable> loss, int warmUp) =>
        Assert.Equal(0, StepAllocations.Least(parameters, tape => tape.Backward(loss(tape)), warmUp));
}
