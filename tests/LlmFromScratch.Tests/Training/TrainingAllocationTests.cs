using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training;

public class TrainingAllocationTests
{
    [Theory, InlineData("llama"), InlineData("gpt2"), InlineData("gemma"), InlineData("qwen")] // experts allocate: who goes where changes from step to step
    public void Step_AfterWarmUp_AllocatesNothing(string kind)
    {
        DecoderModel model = new(Decoders.Config(kind, vocabSize: 32) with { ContextLength = 64 }, seed: 1);
        AdamW optimizer = new(model.Parameters, new AdamWSettings());
        int[] ids = [.. Enumerable.Range(0, 512).Select(i => i % 32)];
        using Tape tape = new();
        for (int i = 0; i < 3; i++) Step();
        long least = long.MaxValue; // of five steps: the runtime may allocate while it compiles one of them anew
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);

        void Step()
        {
            model.ZeroGradients();
            tape.Backward(model.Loss(tape, ids, ids, sequenceCount: 8));
            GradientClipping.ClipGlobalNorm(model.Parameters, 1);
            optimizer.Step(1e-3f);
        }
    }
}
