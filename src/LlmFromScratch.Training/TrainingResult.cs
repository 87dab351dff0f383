namespace LlmFromScratch.Training;

/// <summary>How a run ended.</summary>
/// <param name="StepCount">Steps made in all, those before a resume included.</param>
/// <param name="Completed">Whether every step was made; false after a cancellation, when a checkpoint was saved.</param>
/// <param name="LastLoss">The loss of the last step, in nats a token; NaN if this call made none.</param>
/// <param name="HeldOutLoss">The loss on the held-out text after the last step, in nats a token; NaN if the run was cancelled.</param>
/// <param name="TokensPerSecond">Tokens trained on over the time of the steps, evaluations and checkpoints left out.</param>
public sealed record TrainingResult(int StepCount, bool Completed, double LastLoss, double HeldOutLoss, double TokensPerSecond);
