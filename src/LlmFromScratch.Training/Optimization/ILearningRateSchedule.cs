namespace LlmFromScratch.Training.Optimization;

/// <summary>How the learning rate moves over a run.</summary>
public interface ILearningRateSchedule
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">The first step is 0.</param>
    float Rate(int step);
}
