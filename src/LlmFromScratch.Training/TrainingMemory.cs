using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training;

/// <summary>The memory that a run will take at its peak, said before the first step.</summary>
/// <param name="WeightBytes">Weights, their gradients, what the optimizer keeps for each, and exact copies of rounded weights.</param>
/// <param name="ActivationBytes">Results and gradients of a forward and backward pass, and the scratch of its operations.</param>
/// <param name="OtherBytes">Whatever else the program holds when the run begins: the data, a reference model, frozen weights.</param>
public readonly record struct TrainingMemory(long WeightBytes, long ActivationBytes, long OtherBytes)
{
    private const long RuntimeBytes = 100_000_000; // .NET and the program's code, measured

    /// <summary>What the process will hold at its peak: all of it, and the .NET runtime.</summary>
    public long TotalBytes => WeightBytes + ActivationBytes + OtherBytes + RuntimeBytes;

    /// <summary>
    /// Runs passes of one and of two sequences and goes on in a line, <c>P(n) = P(1) + (n - 1) · (P(2) - P(1))</c>: all activations grow with the number
    /// of sequences. Whatever the model is made of, the passes themselves say what they take.
    /// </summary>
    internal static TrainingMemory Predict(ITrainingObjective objective, Optimizer optimizer, RoundedWeights? rounded, int threadCount)
    {
        long weights = optimizer.StateBytes + (rounded?.ExactBytes ?? 0);
        foreach (Variable parameter in objective.Parameters) weights += 2 * sizeof(float) * parameter.Shape.Count;
        long one = Pass(1), two = Pass(2);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives back what these passes and reading the data took
        long other = Math.Max(0, GC.GetTotalMemory(forceFullCollection: false) - weights);
        return new TrainingMemory(weights, one + (objective.SequencesPerPass - 1) * (two - one), other);

        long Pass(int sequenceCount)
        {
            using Tape tape = new(threadCount);
            objective.Rehearse(tape, sequenceCount);
            return tape.Pool.AllocatedBytes;
        }
    }
}
