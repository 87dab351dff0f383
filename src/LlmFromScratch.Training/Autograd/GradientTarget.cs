namespace LlmFromScratch.Training.Autograd;

/// <summary>Where an operation writes the gradient of one input.</summary>
/// <param name="Array">Holds the gradient; scratch memory if the input wants none.</param>
/// <param name="Count">How many values it has.</param>
/// <param name="Accumulate">Whether to add to the values; a result's first gradient overwrites what an earlier step left there.</param>
/// <param name="IsWanted">Whether the input requires a gradient.</param>
internal readonly record struct GradientTarget(float[] Array, int Count, bool Accumulate, bool IsWanted)
{
    /// <summary>The gradient.</summary>
    public Span<float> Values => Array.AsSpan(0, Count);
}
