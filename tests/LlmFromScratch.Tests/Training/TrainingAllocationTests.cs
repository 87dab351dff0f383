using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training;

public class TrainingAllocationTests
{
    [Fact]
    public void Step_AfterWarmUp_AllocatesNothing()
    {
        LlamaTrainingModel model = new(new ModelConfig
        {
            Architecture = "llama", VocabSize = 64, ContextLength = 64, EmbeddingSize = 48, LayerCount = 2, HeadCount = 4, KvHeadCount = 2,
            HeadSize = 12, FeedForwardSize = 96, TiedHead = true,
        }, seed: 1);
        AdamW optimizer = new(model.Parameters, new AdamWSettings());
        int[] ids = [.. Enumerable.Range(0, 512).Select(i => i % 64)];
        using Tape tape = new();
        for (int i = 0; i < 3; i++) Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            model.ZeroGradients();
            tape.Backward(model.Loss(tape, ids, ids, sequenceCount: 8));
            GradientClipping.ClipGlobalNorm(model.Parameters, 1);
            optimizer.Step(1e-3f);
        }
    }
}
