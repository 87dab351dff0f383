using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training;

/// <summary>Where a run stands, besides weights and optimizer: what a checkpoint must hold so that the next losses have the same bits.</summary>
/// <param name="seed">The run's seed; the order of the data follows from it.</param>
internal sealed class TrainingState(ulong seed)
{
    private const ulong DataStream = 0xDA7A; // the data's random numbers are another sequence than the weights'

    /// <summary>Steps made.</summary>
    public int Step { get; set; }

    /// <summary>The order of the data; its state is the position in it.</summary>
    public SeededRandom Random { get; } = new(seed ^ DataStream);

    /// <summary>The least value of the watched measurement so far.</summary>
    public double Best { get; set; } = double.PositiveInfinity;

    /// <summary>Evaluations since then.</summary>
    public int EvaluationsSinceBest { get; set; }

    /// <summary>Takes note of an evaluation.</summary>
    public void Note(double watched)
    {
        EvaluationsSinceBest = watched < Best ? 0 : EvaluationsSinceBest + 1;
        Best = Math.Min(Best, watched);
    }
}
