using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Training;

/// <summary>What a training step leaves for the garbage collector.</summary>
internal static class StepAllocations
{
    /// <summary>Bytes that a step allocates after some steps of warm-up: gradients, clipping, optimizer.</summary>
    public static long Least(IReadOnlyList<Variable> parameters, Action<Tape> gradients, int warmUp)
    {
        AdamW optimizer = new(parameters, new AdamWSettings());
        using Tape tape = new();
        for (int i = 0; i < warmUp; i++) Step(parameters, optimizer, tape, gradients);
        long least = long.MaxValue; // of five steps: the runtime may allocate while it compiles one of them anew
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Step(parameters, optimizer, tape, gradients);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    /// <summary>One step.</summary>
    public static void Step(IReadOnlyList<Variable> parameters, AdamW optimizer, Tape tape, Action<Tape> gradients)
    {
        for (int i = 0; i < parameters.Count; i++) parameters[i].ZeroGradient(); // foreach over an interface would allocate
        gradients(tape);
        GradientClipping.ClipGlobalNorm(parameters, 1);
        optimizer.Step(1e-3f);
    }
}
