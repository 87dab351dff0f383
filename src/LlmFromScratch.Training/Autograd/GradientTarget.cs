namespace LlmFromScratch.Training.Autograd;

/// <summary>Where an operation writes the gradient of one input.</summary>
/// <param name="Values">The gradient; scratch memory if the input wants none.</param>
/// <param name="Accumulate">Whether to add to the values; a result's first gradient overwrites what an earlier step left there.</param>
/// <param name="IsWanted">Whether the input requires a gradient.</param>
internal readonly record struct GradientTarget(float[] Values, bool Accumulate, bool IsWanted);
