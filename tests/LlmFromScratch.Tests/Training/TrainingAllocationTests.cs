using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training;

public class TrainingAllocationTests
{
    private const int VocabSize = 32, SequenceCount = 8;

    private static readonly int[] Ids = [.. Enumerable.Range(0, 512).Select(i => i * i % 61 % VocabSize)];

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
            Step(model.Parameters, optimizer, tape, tape => model.Loss(tape, ids, ids, SequenceCount));
            if (step == 9) afterTen = tape.Pool.AllocatedBytes;
        }
        Assert.InRange(tape.Pool.AllocatedBytes, afterTen, afterTen * 3 / 2);
    }

    private static void AssertAllocatesNothing(IReadOnlyList<Variable> parameters, Func<Tape, Variable> loss, int warmUp)
    {
        AdamW optimizer = new(parameters, new AdamWSettings());
        using Tape tape = new();
        for (int i = 0; i < warmUp; i++) Step(parameters, optimizer, tape, loss);
        long least = long.MaxValue; // of five steps: the runtime may allocate while it compiles one of them anew
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Step(parameters, optimizer, tape, loss);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    private static void Step(IReadOnlyList<Variable> parameters, AdamW optimizer, Tape tape, Func<Tape, Variable> loss)
    {
        for (int i = 0; i < parameters.Count; i++) parameters[i].ZeroGradient(); // foreach over an interface would allocate
        tape.Backward(loss(tape));
        GradientClipping.ClipGlobalNorm(parameters, 1);
        optimizer.Step(1e-3f);
    }
}
