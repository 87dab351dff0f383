namespace LlmFromScratch.Training.Optimization;

/// <summary>
/// Warm-up, stable, decay (Hu et al. 2024, MiniCPM, section 4): the rate climbs, stays at its peak, and falls in a line over the last steps only. A run
/// can be made longer without having been planned so: it goes on from before the fall.
/// </summary>
/// <param name="Peak">The rate of the stable part.</param>
/// <param name="Final">The rate of the last step.</param>
/// <param name="WarmupSteps">How many steps the climb takes.</param>
/// <param name="DecaySteps">How many steps the fall takes, at least 1.</param>
/// <param name="TotalSteps">How many steps there are in all.</param>
public sealed record WsdSchedule(float Peak, float Final, int WarmupSteps, int DecaySteps, int TotalSteps) : ILearningRateSchedule
{
    /// <summary>
    /// <c>Peak · (step + 1) / WarmupSteps</c> in the climb, Peak, then <c>Peak + (Final - Peak) · p</c>, where p goes in equal parts from
    /// <c>1 / DecaySteps</c> to 1 at the last step.
    /// </summary>
    /// <inheritdoc/>
    public float Rate(int step)
    {
        if (step < WarmupSteps) return Peak * (step + 1) / WarmupSteps;
        double fallen = (double)(step - (TotalSteps - 1 - DecaySteps)) / DecaySteps;
        return (float)(Peak + ((double)Final - Peak) * Math.Clamp(fallen, 0, 1));
    }
}
