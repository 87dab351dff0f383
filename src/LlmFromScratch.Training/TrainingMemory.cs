using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training;

/// <summary>The memory that a run's arrays will take at their peak, said before the first step. The .NET runtime and the corpus come on top.</summary>
/// <param name="WeightBytes">Weights, their gradients, what the optimizer keeps for each, and exact copies of rounded weights.</param>
/// <param name="ActivationBytes">Results and gradients of a forward and backward pass, and the scratch of its operations.</param>
public readonly record struct TrainingMemory(long WeightBytes, long ActivationBytes)
{
    /// <summary>Both.</summary>
    public long TotalBytes => WeightBytes + ActivationBytes;

    /// <summary>
    /// Runs passes of one and of two sequences and goes on in a line, <c>P(n) = P(1) + (n - 1) · (P(2) - P(1))</c>: all activations grow with the number
    /// of sequences. Whatever the model is made of, the passes themselves say what they take.
    /// </summary>
    internal static TrainingMemory Predict(ITrainingObjective objective, Optimizer optimizer, RoundedWeights? rounded, int threadCount)
    {
        long weights = optimizer.StateBytes + (rounded?.ExactBytes ?? 0);
        foreach (Variable parameter in objective.Parameters) weights += 2 * sizeof(float) * parameter.Shape.Count;
        long one = Pass(1), two = Pass(2);
        return new TrainingMemory(weights, one + (objective.SequencesPerPass - 1) * (two - one));

        long Pass(int sequenceCount)
        {
            using Tape tape = new(threadCount);
            objective.Rehearse(tape, sequenceCount);
            return tape.Pool.AllocatedBytes;
        }
    }
}
