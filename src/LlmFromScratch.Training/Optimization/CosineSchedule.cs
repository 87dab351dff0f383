using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Optimization;

/// <summary>A learning rate that climbs in a line, then falls along half a cosine (Loshchilov and Hutter 2017, eq. 5).</summary>
/// <param name="Peak">The rate at the end of the climb.</param>
/// <param name="Final">The rate of the last step.</param>
/// <param name="WarmupSteps">How many steps the climb takes.</param>
/// <param name="TotalSteps">How many steps there are, the climb included.</param>
public sealed record CosineSchedule(float Peak, float Final, int WarmupSteps, int TotalSteps) : ILearningRateSchedule
{
    /// <summary>
    /// <c>Peak · (step + 1) / WarmupSteps</c> in the climb, then <c>Final + (Peak - Final) · (1 + cos πp) / 2</c>, where p goes from 0 to 1
    /// at the last step.
    /// </summary>
    /// <param name="step">The first step is 0.</param>
    public float Rate(int step)
    {
        if (step < WarmupSteps) return Peak * (step + 1) / WarmupSteps;
        int last = Math.Max(1, TotalSteps - 1 - WarmupSteps);
        double progress = Math.Min(1, (double)(step - WarmupSteps) / last);
        return (float)(Final + (Peak - Final) * (1 + PortableMath.Cos(Math.PI * progress)) / 2);
    }
}
