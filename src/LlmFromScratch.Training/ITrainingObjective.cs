using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training;

/// <summary>
/// What a run minimises and on which data: the next token of a corpus, the response of a conversation, a preference, a reward. The
/// <see cref="Trainer"/> owns everything else: optimizer, schedule, checkpoints, progress.
/// </summary>
public interface ITrainingObjective
{
    /// <summary>The weights that learn; the optimizer moves these and a checkpoint holds them.</summary>
    IReadOnlyList<Variable> Parameters { get; }

    /// <summary>What a checkpoint belongs to: the model's sizes and the data. A checkpoint of another identity is refused.</summary>
    string Identity { get; }

    /// <summary>What is trained on what, a line for the log.</summary>
    string Summary { get; }

    /// <summary>Tokens that one step reads: the numerator of tokens/s.</summary>
    int TokensPerStep { get; }

    /// <summary>Sequences that go through the model at once: what the peak memory grows with.</summary>
    int SequencesPerPass { get; }

    /// <summary>Adds the gradient of one step's loss to the parameters, which the trainer has zeroed.</summary>
    /// <param name="tape">Records; empty before and after.</param>
    /// <param name="random">The order of the data. All randomness of the step comes from it, so that a resumed run repeats it.</param>
    /// <returns>The loss first, then whatever else is worth a line in the metrics.</returns>
    /// <exception cref="ArithmeticException">The loss is not finite; the message names the layer.</exception>
    IReadOnlyList<Measurement> AccumulateGradients(Tape tape, SeededRandom random);

    /// <summary>Measures on data that is never trained on. The first number is the one that early stopping watches: lower is better.</summary>
    /// <param name="tape">Records; empty before and after.</param>
    IReadOnlyList<Measurement> Evaluate(Tape tape);

    /// <summary>A text by the model as it stands, or null where there is nothing to show.</summary>
    /// <param name="seed">The same seed and weights give the same text.</param>
    string? Sample(ulong seed);

    /// <summary>Runs forward and backward over this many sequences of the longest length: how the trainer learns what memory a step takes.</summary>
    void Rehearse(Tape tape, int sequenceCount);

    /// <summary>Writes what the objective must remember between steps into a checkpoint; most have nothing.</summary>
    void Save(BinaryWriter writer) { }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    void Load(BinaryReader reader) { }
}
